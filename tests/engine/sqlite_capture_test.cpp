#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/sqlite/workspace.hpp"
#include "engine/sqlite_world.hpp"

namespace quemsi::sqlite_engine::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SqliteCapture : public SqliteWorld {
 protected:
  /// More than 64 MiB.
  void make_big(const std::string& journal_mode) {
    make_live(journal_mode);
    sqlite_shell(live_, "INSERT INTO t(label, filler) VALUES('big', zeroblob(70000000));");
  }
};

/// Acts as somebody without root's rights.
class Unprivileged {
 public:
  Unprivileged() { active_ = geteuid() == 0 && seteuid(nobody) == 0; }
  ~Unprivileged() {
    if (active_) static_cast<void>(seteuid(0));
  }

 private:
  static constexpr uid_t nobody = 65534;
  bool active_;
};

TEST_F(SqliteCapture, LogOfAKilledApplicationIsFoldedIn) {
  make_live("wal");
  SqliteShell app(live_);
  app.run("UPDATE t SET label='acknowledged'");
  app.kill();
  ASSERT_TRUE(identity_of(wal_of(live_)));
  EXPECT_EQ(labels(path_of(park())), "acknowledged\n");
}

TEST_F(SqliteCapture, HotJournalOfAKilledApplicationIsRolledBack) {
  make_live("delete");
  SqliteShell app(live_);
  app.run("PRAGMA cache_size=1; BEGIN; UPDATE t SET label='half done', filler=hex(zeroblob(900))");
  app.kill();
  ASSERT_TRUE(has_hot_journal(live_));
  EXPECT_EQ(labels(path_of(park())), "live\n");
}

TEST_F(SqliteCapture, CopyIsOneClosedFile) {
  make_live("wal");
  const SqliteShell app(live_);
  const std::filesystem::path copy = path_of(park());
  EXPECT_FALSE(has_sidecars(copy));
  EXPECT_EQ(sqlite_shell(copy, "PRAGMA journal_mode; PRAGMA integrity_check;"), "wal\nok\n");
}

TEST_F(SqliteCapture, CopyKeepsTheSchemaVersionThatApplicationsSee) {
  make_live("wal");
  SqliteShell app(live_);
  for (int i = 0; i < 5; ++i) app.run("CREATE TABLE x(a); DROP TABLE x;");
  const std::string expected = app.run("PRAGMA schema_version");
  EXPECT_EQ(sqlite_shell(path_of(park()), "PRAGMA schema_version;"), expected);
}

TEST_F(SqliteCapture, BigDatabaseWithALogIsCapturedWhileWritten) {
  make_big("wal");
  SqliteShell app(live_);
  app.run("UPDATE t SET label='before' WHERE id <= 200");
  const auto view = database_.pin(Content::all);
  EXPECT_EQ(app.run("UPDATE t SET label='after' WHERE id <= 200"), "");
  EXPECT_EQ(app.run("PRAGMA wal_checkpoint(PASSIVE)").substr(0, 2), "0|");
  MemoryImage image;
  view->write(image, no_progress());
  EXPECT_EQ(app.run("UPDATE t SET label='even later' WHERE id <= 200"), "");
  const ParkedName name = new_name();
  database_.materialise(image, name, no_progress());
  EXPECT_EQ(labels(path_of(name)), "before\nbig\n");
  EXPECT_EQ(sqlite_shell(path_of(name), "PRAGMA integrity_check;"), "ok\n");
}

TEST_F(SqliteCapture, InstantCopyOfABigDatabaseIsMadeByReflinkOrNotAtAll) {
  for (const char* mode : {"delete", "wal"}) {
    std::filesystem::remove(live_);
    make_big(mode);
    const ParkedName name = new_name();
    const auto captured =
        database_.copy_live(name, Content::all, CopyLimit::instant, no_progress());
    if (captured) {
      EXPECT_EQ(labels(path_of(name)), "big\nlive\n");
      database_.drop_parked(name);
    }
    EXPECT_THAT(database_.list_parked(), IsEmpty());
    EXPECT_TRUE(database_.copy_live(name, Content::schema, CopyLimit::instant, no_progress()));
    database_.drop_parked(name);
  }
}

TEST_F(SqliteCapture, EmptyFileIsADatabase) {
  open_file(live_, O_WRONLY | O_CREAT);
  EXPECT_TRUE(database_.probe().exists);
  EXPECT_EQ(database_.probe().bytes, 0U);
  MemoryImage image;
  database_.pin(Content::all)->write(image, no_progress());
  const ParkedName name = new_name();
  database_.materialise(image, name, no_progress());
  EXPECT_EQ(std::filesystem::file_size(path_of(name)), 0U);
  const ParkedName copy = park();
  make_live();
  swap(copy, new_name());
  EXPECT_EQ(sqlite_shell(live_, "SELECT count(*) FROM sqlite_master;"), "0\n");
}

TEST_F(SqliteCapture, WhatIsNoDatabaseIsRefused) {
  const std::string text(5000, 'x');
  write_all(open_file(live_, O_WRONLY | O_CREAT), std::as_bytes(std::span(text)), live_);
  const Error error = error_of([&] { database_.probe(); });
  EXPECT_EQ(error.kind(), ErrorKind::engine);
  EXPECT_THAT(error.what(), HasSubstr("is not a SQLite database"));
  EXPECT_THAT(error.hints(), testing::Not(IsEmpty()));
  EXPECT_EQ(error_of([&] { open(live_.parent_path()).probe(); }).kind(), ErrorKind::engine);
}

TEST_F(SqliteCapture, ReadOnlyFilesAndFoldersAreNamed) {
  make_live();
  chmod(dir_.path().c_str(), 0755);
  chmod(live_.c_str(), 0444);
  {
    const Unprivileged other;
    const Error error = error_of([&] { database_.probe(); });
    EXPECT_EQ(error.kind(), ErrorKind::engine);
    EXPECT_THAT(error.what(), HasSubstr("is read-only"));
    EXPECT_THAT(error.hints(), Contains(HasSubstr("chmod")));
  }
  chmod(live_.c_str(), 0666);
  chmod(live_.parent_path().c_str(), 0555);
  {
    const Unprivileged other;
    EXPECT_THAT(error_of([&] { database_.probe(); }).what(), HasSubstr("folder"));
  }
  chmod(live_.parent_path().c_str(), 0755);
}

TEST_F(SqliteCapture, ProbeNamesWhoHoldsALock) {
  make_live();
  SqliteShell app(live_);
  app.run("BEGIN EXCLUSIVE");
  const Error error = error_of([&] { database_.probe(); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(error.causes(), Contains(HasSubstr(app.process_name())));
}

TEST_F(SqliteCapture, LeftoversOfAKilledProcessAreRemovedAndThoseOfALivingOneStay) {
  make_live();
  const std::filesystem::path folder = path_of(park()).parent_path();
  const Workspace alive(folder);
  const std::filesystem::path killed = alive.file("lock").parent_path().string() + "x";
  std::filesystem::create_directory(killed);
  open_file(killed / "lock", O_WRONLY | O_CREAT);
  open_file(killed / "copy", O_WRONLY | O_CREAT);
  EXPECT_THAT(database_.list_parked(), SizeIs(1));
  EXPECT_FALSE(std::filesystem::exists(killed));
  EXPECT_TRUE(std::filesystem::exists(alive.file("lock")));
}

TEST_F(SqliteCapture, FoldersOfOthersAreNeverCleanedAway) {
  make_live();
  const std::filesystem::path folder = path_of(park()).parent_path();
  for (const char* name : {"tmp_files", ".quemsi_tmp_mine", "quemsi_tmp_"}) {
    std::filesystem::create_directory(folder / name);
    open_file(folder / name / "thesis.txt", O_WRONLY | O_CREAT);
  }
  EXPECT_THAT(database_.list_parked(), SizeIs(1));
  const Workspace workspace(folder);
  for (const char* name : {"tmp_files", ".quemsi_tmp_mine", "quemsi_tmp_"}) {
    EXPECT_TRUE(std::filesystem::exists(folder / name / "thesis.txt")) << name;
  }
}

TEST_F(SqliteCapture, LiveOnAnotherDeviceHasItsCopiesBesideIt) {
  const std::filesystem::path folder = "/dev/shm/quemsi test " + new_name().str();
  std::filesystem::create_directory(folder);
  ASSERT_NE(identity_of(folder)->device, identity_of(dir_.path())->device);
  {
    SqliteDatabase database = open(folder / "live.db");
    make_database(folder / "live.db", "delete", 4096, "there");
    const ParkedName name = new_name();
    database.copy_live(name, Content::all, CopyLimit::none, no_progress());
    EXPECT_THAT(database.parked_url(name), HasSubstr((folder / ".quemsi").string()));
    EXPECT_TRUE(std::filesystem::exists(folder / ".quemsi/.gitignore"));
    sqlite_shell(folder / "live.db", "UPDATE t SET label='changed';");
    const ParkedName outgoing = new_name();
    database.swap(database.plan_swap(name, outgoing));
    EXPECT_EQ(labels(folder / "live.db"), "there\n");
    database.drop_parked(outgoing);
    EXPECT_THAT(database.list_parked(), IsEmpty());
  }
  std::filesystem::remove_all(folder);
}

TEST_F(SqliteCapture, ParkedCopyThatIsBeingWrittenToIsBusy) {
  make_live();
  const ParkedName name = park();
  const auto view = database_.open_parked(name);
  sqlite_shell(path_of(name), "UPDATE t SET label='temp!';");
  MemoryImage image;
  EXPECT_EQ(error_of([&] { view->write(image, no_progress()); }).kind(), ErrorKind::busy);
}

TEST_F(SqliteCapture, NamesThatAreNoParkedCopiesAreRefused) {
  make_live();
  for (const char* name : {"quemsi_../../live.db", "app", "quemsi_", "quemsi_a-wal"}) {
    EXPECT_EQ(error_of([&] { database_.drop_parked(ParkedName(name)); }).kind(),
              ErrorKind::internal);
  }
  EXPECT_EQ(labels(live_), "live\n");
}

}  // namespace
}  // namespace quemsi::sqlite_engine::test
