#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "quemsi/engine.hpp"
#include "support/error_of.hpp"
#include "support/temp_dir.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

using test::error_of;
using testing::Contains;
using testing::HasSubstr;

TEST(Registry, SchemesNameTheirEngine) {
  EXPECT_EQ(EngineRegistry::engine_of_url("sqlite:app.db"), "sqlite");
  EXPECT_EQ(EngineRegistry::engine_of_url("SQLite3:app.db"), "sqlite");
  EXPECT_EQ(EngineRegistry::engine_of_url("file:./app.db"), "sqlite");
  EXPECT_EQ(EngineRegistry::engine_of_url("postgresql://localhost/app"), "postgresql");
  EXPECT_EQ(EngineRegistry::engine_of_url("postgres:///app"), "postgresql");
  EXPECT_EQ(EngineRegistry::engine_of_url("mysql://localhost/app"), "mysql");
  EXPECT_EQ(EngineRegistry::engine_of_url("mariadb://localhost/app"), "mysql");
  EXPECT_THAT(EngineRegistry::names(), testing::ElementsAre("mysql", "postgresql", "sqlite"));
}

TEST(Registry, BarePathIsRefusedWithTheWayToWriteIt) {
  for (const char* url : {"db/app.sqlite3", "", ":app.db", "/a/b:c"}) {
    const Error error = error_of([&] { static_cast<void>(EngineRegistry::engine_of_url(url)); });
    EXPECT_EQ(error.kind(), ErrorKind::config) << url;
    EXPECT_THAT(error.hints(), Contains(HasSubstr("sqlite:PATH"))) << url;
  }
}

TEST(Registry, UnknownSchemeIsRefusedNamingTheKnownEngines) {
  const Error error =
      error_of([] { static_cast<void>(EngineRegistry::engine_of_url("oracle://u:secret@h/x")); });
  EXPECT_EQ(error.kind(), ErrorKind::config);
  EXPECT_THAT(error.what(), HasSubstr("oracle"));
  EXPECT_THAT(error.what(), testing::Not(HasSubstr("secret")));
  EXPECT_THAT(error.hints(), Contains(HasSubstr("sqlite")));
}

TEST(Registry, UnknownEngineIsRefused) {
  EngineRegistry registry(QUEMSI_MODULE_DIR);
  const Error error =
      error_of([&] { registry.open({.name = "x", .engine = "dbase", .url = "dbase:x"}, {}); });
  EXPECT_EQ(error.kind(), ErrorKind::config);
}

TEST(Registry, MissingModuleIsReported) {
  const test::TempDir empty;
  EngineRegistry registry(empty.path());
  const Error error =
      error_of([&] { registry.open({.name = "x", .engine = "sqlite", .url = "sqlite:x"}, {}); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
}

TEST(Registry, OpensTheEngineOfASpec) {
  const test::TempDir dir;
  EngineRegistry registry(QUEMSI_MODULE_DIR);
  const EngineContext context{.top = dir.path(), .state_dir = dir.path(), .busy_timeout = {}};
  const auto first =
      registry.open({.name = "a", .engine = "sqlite", .url = "sqlite:a.db"}, context);
  const auto second =
      registry.open({.name = "b", .engine = "sqlite", .url = "sqlite:b.db"}, context);
  EXPECT_FALSE(first->probe().exists);
  EXPECT_NE(first->location(), second->location());
}

}  // namespace
}  // namespace quemsi
