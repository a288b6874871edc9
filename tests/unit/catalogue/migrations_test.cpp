#include <fmt/core.h>

#include "catalogue/migrations.hpp"
#include "fixture.hpp"
#include "sqlite/connection.hpp"
#include "util/fd.hpp"

namespace quemsi {
namespace {

class MigrationsTest : public CatalogueTest {
 protected:
  sqlite::Connection raw() { return {file(), sqlite::Open::create, std::chrono::milliseconds(0)}; }
};

TEST_F(MigrationsTest, OpensAFileOfTheFirstVersion) {
  raw().execute(read_text_file(std::filesystem::path(QUEMSI_SOURCE_DIR) /
                               "tests/unit/catalogue/fixtures/version-1.sql"));
  const std::vector<Snapshot> snapshots = catalogue().snapshots();
  ASSERT_EQ(snapshots.size(), 2U);
  EXPECT_EQ(snapshots[0].tags, std::vector<std::string>{"before 'x'"});
  ASSERT_EQ(snapshots[0].images.size(), 1U);
  EXPECT_EQ(snapshots[0].images[0].packs, std::vector<std::string>{"one.pack"});
  EXPECT_EQ(snapshots[0].parent, snapshots[1].id);
  EXPECT_EQ(catalogue().owner(WorktreeId("main"))->tokens.at("app"), Token("token"));
  EXPECT_EQ(catalogue().tips().size(), 1U);
  EXPECT_EQ(catalogue().journal().size(), 1U);
  EXPECT_TRUE(catalogue().check().empty());
}

TEST_F(MigrationsTest, RefusesAFileOfANewerVersionNamingBoth) {
  static_cast<void>(catalogue());
  reopen();
  raw().execute("PRAGMA user_version = 999");
  try {
    catalogue();
    FAIL() << "a newer file was opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_NE(std::string(error.what()).find("999"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find(QUEMSI_VERSION), std::string::npos);
  }
}

TEST_F(MigrationsTest, RefusesADatabaseThatIsNotACatalogue) {
  raw().execute("CREATE TABLE precious (x); INSERT INTO precious VALUES (1)");
  EXPECT_THROW(catalogue(), Error);
  EXPECT_EQ(raw().query_int("SELECT count(*) FROM precious"), 1);
}

TEST_F(MigrationsTest, WritesNothingWhenTheFileIsUpToDate) {
  static_cast<void>(catalogue());
  reopen();
  sqlite::Connection watcher = raw();
  const std::int64_t before = watcher.query_int("PRAGMA data_version");
  catalogue();
  EXPECT_EQ(watcher.query_int("PRAGMA data_version"), before);
}

}  // namespace
}  // namespace quemsi
