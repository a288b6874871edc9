#include "engine/sqlite/url.hpp"

#include <gtest/gtest.h>

#include "quemsi/error.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::sqlite_engine {
namespace {

const std::filesystem::path top = "/work tree";

TEST(SqliteUrl, RelativePathsStartAtTheTop) {
  EXPECT_EQ(path_of_url("sqlite:db/app.db", top), "/work tree/db/app.db");
  EXPECT_EQ(path_of_url("sqlite3:./a/../app.db", top), "/work tree/app.db");
  EXPECT_EQ(path_of_url("file:app.db", top), "/work tree/app.db");
}

TEST(SqliteUrl, AbsolutePathsStayAsTheyAre) {
  EXPECT_EQ(path_of_url("sqlite:/var/app.db", top), "/var/app.db");
  EXPECT_EQ(path_of_url("sqlite:///var/app.db", top), "/var/app.db");
  EXPECT_EQ(path_of_url("sqlite:////var/app.db", top), "/var/app.db");
}

TEST(SqliteUrl, NothingIsDecoded) {
  EXPECT_EQ(path_of_url("sqlite:a%20b 'c' ü.db", top), "/work tree/a%20b 'c' ü.db");
}

TEST(SqliteUrl, ParametersOfConnectionsAreIgnored) {
  EXPECT_EQ(path_of_url("sqlite:app.db?mode=rwc&pool=5&timeout=5000", top), top / "app.db");
}

TEST(SqliteUrl, RefusesWhatNamesNoFileThatCouldBeKept) {
  for (const char* url :
       {"sqlite:", "sqlite://", "sqlite:///", "sqlite::memory:", "file::memory:?cache=shared",
        "sqlite:folder/", "sqlite:..", "sqlite://host/app.db", "sqlite://u:secret@host/app.db",
        "sqlite:app.db?mode=memory", "sqlite:app.db?mode=ro", "sqlite:app.db?vfs=unix-none",
        "sqlite:a\nb.db", "mysql:app.db", "app.db"}) {
    try {
      static_cast<void>(path_of_url(url, top));
      ADD_FAILURE() << url;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::config) << url;
      EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
    }
  }
}

TEST(SqliteUrl, LinksAreFollowedEvenToWhereNothingIsYet) {
  const test::TempDir dir;
  std::filesystem::create_directory(dir.path() / "real");
  std::filesystem::create_directory_symlink("real", dir.path() / "folder");
  std::filesystem::create_symlink("folder/app.db", dir.path() / "link.db");
  EXPECT_EQ(physical_path(dir.path() / "link.db"), dir.path() / "real/app.db");
  EXPECT_EQ(physical_path(dir.path() / "none/app.db"), dir.path() / "none/app.db");
}

}  // namespace
}  // namespace quemsi::sqlite_engine
