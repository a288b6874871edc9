#include "engine/sqlite/token.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/sqlite/hash.hpp"
#include "engine/sqlite/opening.hpp"
#include "engine/sqlite_world.hpp"

namespace quemsi::sqlite_engine::test {
namespace {

class SqliteToken : public SqliteWorld {
 protected:
  Token capture() {
    const ParkedName name = new_name();
    const auto captured = database_.copy_live(name, Content::all, CopyLimit::none, no_progress());
    database_.drop_parked(name);
    return captured->token.value();
  }
  bool unchanged(const Token& token) { return database_.unchanged_since(token); }
  void set_mtime(const timespec& time) {
    const timespec times[2] = {time, time};
    ASSERT_EQ(utimensat(AT_FDCWD, live_.c_str(), times, 0), 0);
  }
};

TEST_F(SqliteToken, DoesNotHoldAfterUpdatesThatKeepTheSize) {
  for (const char* mode : {"delete", "wal", "truncate", "persist"}) {
    std::filesystem::remove(live_);
    make_live(mode);
    const Token token = capture();
    EXPECT_TRUE(unchanged(token)) << mode;
    sqlite_shell(live_, "UPDATE t SET label='LIVE' WHERE id=7;");
    EXPECT_FALSE(unchanged(token)) << mode;
  }
}

TEST_F(SqliteToken, DoesNotHoldForWritesInTheSameTick) {
  for (const char* mode : {"delete", "wal"}) {
    std::filesystem::remove(live_);
    make_live(mode);
    sqlite::Connection app(live_, sqlite::Open::read_write, std::chrono::milliseconds(1000));
    app.execute("PRAGMA synchronous=OFF");
    for (int i = 100; i < 200; ++i) {
      const Token token = capture();
      app.execute("UPDATE t SET label='" + std::to_string(i) + "' WHERE id=7");
      ASSERT_FALSE(unchanged(token)) << mode << i;
    }
  }
}

TEST_F(SqliteToken, DoesNotHoldWhenTheTimeWasSetBack) {
  make_live();
  struct stat before {};
  ASSERT_EQ(stat(live_.c_str(), &before), 0);
  const Token token = capture();
  sqlite_shell(live_, "UPDATE t SET label='LIVE' WHERE id=7;");
  set_mtime(before.st_mtim);
  EXPECT_FALSE(unchanged(token));
}

TEST_F(SqliteToken, DoesNotHoldForAnotherFileOfEqualSizeAndTime) {
  make_live();
  struct stat before {};
  ASSERT_EQ(stat(live_.c_str(), &before), 0);
  const Token token = capture();
  const std::filesystem::path other = dir_.path() / "other.db";
  std::filesystem::copy_file(live_, other);
  sqlite_shell(other, "UPDATE t SET label='LIVE' WHERE id=7;");
  std::filesystem::rename(other, live_);
  set_mtime(before.st_mtim);
  EXPECT_FALSE(unchanged(token));
}

TEST_F(SqliteToken, DoesNotHoldAfterVacuum) {
  make_live();
  sqlite_shell(live_, "DELETE FROM t WHERE id % 2;");
  const Token token = capture();
  sqlite_shell(live_, "VACUUM;");
  EXPECT_FALSE(unchanged(token));
}

TEST_F(SqliteToken, DoesNotHoldWhileAWriterMayBeHalfWay) {
  make_live();
  const Token token = capture();
  SqliteShell app(live_);
  app.run("PRAGMA cache_size=1; BEGIN; UPDATE t SET label='half', filler=hex(zeroblob(900))");
  EXPECT_FALSE(unchanged(token));
  app.kill();
  EXPECT_FALSE(unchanged(token));
}

TEST_F(SqliteToken, DoesNotHoldWhenTheFileIsGone) {
  make_live();
  const Token token = capture();
  std::filesystem::remove(live_);
  EXPECT_FALSE(unchanged(token));
}

TEST_F(SqliteToken, HoldsWhileApplicationsComeAndReadAndGo) {
  for (const char* mode : {"delete", "wal"}) {
    std::filesystem::remove(live_);
    make_live(mode);
    const Token token = capture();
    SqliteShell app(live_);
    app.run("SELECT count(*) FROM t");
    EXPECT_TRUE(unchanged(token)) << mode;
    app.close();
    EXPECT_TRUE(unchanged(token)) << mode;
  }
}

TEST_F(SqliteToken, HoldsWhenTheLogIsWrittenBack) {
  make_live("wal");
  SqliteShell app(live_);
  app.run("UPDATE t SET label='in the log'");
  const Token token = capture();
  EXPECT_TRUE(unchanged(token));
  app.run("PRAGMA wal_checkpoint(TRUNCATE)");
  EXPECT_TRUE(unchanged(token));
  app.close();
  EXPECT_TRUE(unchanged(token));
  sqlite_shell(live_, "UPDATE t SET label='IN THE LOG' WHERE id=7;");
  EXPECT_FALSE(unchanged(token));
}

TEST_F(SqliteToken, IsAHashWhereTimesProveNothing) {
  make_live();
  timespec future{};
  clock_gettime(CLOCK_REALTIME, &future);
  future.tv_sec += 1000;
  set_mtime(future);
  const Token token = capture();
  const auto proof = parse_token(token);
  ASSERT_TRUE(proof);
  EXPECT_FALSE(proof->state);
  ASSERT_TRUE(proof->hash);
  EXPECT_TRUE(unchanged(token));
  sqlite_shell(live_, "UPDATE t SET label='LIVE' WHERE id=7;");
  set_mtime(future);
  EXPECT_FALSE(unchanged(token));
}

TEST_F(SqliteToken, HashOfAFileIsTheHashOfItsContent) {
  make_live();
  const std::string through_sqlite = [&] {
    sqlite::Connection connection = open_database(live_, std::chrono::milliseconds(0));
    return content_hash(connection);
  }();
  EXPECT_EQ(file_hash(open_file(live_, O_RDONLY), std::filesystem::file_size(live_), live_),
            through_sqlite);
}

TEST_F(SqliteToken, OfABigDatabaseIsItsState) {
  make_live();
  sqlite_shell(live_, "INSERT INTO t(label, filler) VALUES('big', zeroblob(70000000));");
  const Token token = capture();
  EXPECT_FALSE(parse_token(token)->hash);
  EXPECT_TRUE(unchanged(token));
  sqlite_shell(live_, "UPDATE t SET label='BIG' WHERE label='big';");
  EXPECT_FALSE(unchanged(token));
}

}  // namespace
}  // namespace quemsi::sqlite_engine::test
