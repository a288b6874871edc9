// Databases that are missing, locked, foreign or read-only; commands that meet,
// or are stopped.
#include <unistd.h>

#include <csignal>

#include "e2e/fixture.hpp"
#include "util/file_lock.hpp"

namespace quemsi::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Trouble : public EndToEnd {
 protected:
  void SetUp() override {
    set_up_shop();
    user.quemsi({"snapshot", "good"});
    good_ = dump(db);
  }

  std::string error_of(Words arguments) {
    const CommandResult result = user.try_quemsi(std::move(arguments));
    EXPECT_EQ(result.exit_code, 128) << result;
    EXPECT_TRUE(result.err.starts_with("error: ")) << result;
    return result.err;
  }

  std::string good_;
};

TEST(WithoutConfiguration, EveryVerbNamesTheCommandThatMakesIt) {
  Sandbox user({.bin_dir = QUEMSI_BIN_DIR});
  for (const Words& words : {Words{"snapshot"}, Words{"restore", "x", "--yes"}, Words{"list"},
                             Words{"undo"}, Words{"config"}, Words{"fsck"}}) {
    const CommandResult result = user.try_quemsi(words);
    EXPECT_EQ(result.exit_code, 128) << words[0] << result;
    EXPECT_THAT(result.err, HasSubstr("git quemsi init")) << words[0];
  }
  EXPECT_THAT(user.quemsi({"status"}), HasSubstr("git quemsi init"));
}

TEST(WithoutConfiguration, OutsideARepositoryItSaysSo) {
  Sandbox user({.bin_dir = QUEMSI_BIN_DIR});
  const CommandResult result = user.run_in(user.home(), {"git-quemsi", "status"});
  EXPECT_EQ(result.exit_code, 128) << result;
  EXPECT_THAT(result.err, HasSubstr("git repository"));
}

TEST(WithoutConfiguration, InitWithoutADatabaseSaysHowToNameOne) {
  Sandbox user({.bin_dir = QUEMSI_BIN_DIR});
  const CommandResult result = user.try_quemsi({"init", "--yes"});
  EXPECT_EQ(result.exit_code, 128) << result;
  EXPECT_THAT(result.err, HasSubstr("git quemsi init --url"));
  EXPECT_FALSE(std::filesystem::exists(user.top() / ".quemsi.yml"));
}

TEST(WithoutConfiguration, InitOfADatabaseThatDoesNotExistYetTakesItUpLater) {
  Sandbox user({.bin_dir = QUEMSI_BIN_DIR});
  const auto db = user.top() / "later.db";
  user.quemsi({"init", "--yes", "--url", "sqlite:later.db"});
  user.commit("Configure");
  user.git({"switch", "-q", "-c", "side"});
  sqlite(db, "CREATE TABLE t(x); INSERT INTO t VALUES (1);");
  const std::string side = dump(db);
  user.git({"switch", "-q", "-c", "other"});
  sqlite(db, "INSERT INTO t VALUES (2);");
  user.git({"switch", "-q", "side"});
  EXPECT_EQ(dump(db), side);
}

TEST_F(Trouble, AnUntrustedConfigurationStopsEveryVerbThatTouchesADatabase) {
  write_file(user.top() / ".quemsi.yml", "databases:\n  app: sqlite:other.db\n");
  sqlite(user.top() / "other.db", "CREATE TABLE precious(x);");
  const FileId before = FileId::of(user.top() / "other.db");
  for (const Words& words :
       {Words{"snapshot"}, Words{"restore", "good", "--yes"}, Words{"undo", "--yes"},
        Words{"restore", "good", "--temp"}, Words{"delete", "good", "--yes"}}) {
    EXPECT_THAT(error_of(words), HasSubstr("git quemsi trust")) << words[0];
  }
  EXPECT_EQ(FileId::of(user.top() / "other.db"), before);
  EXPECT_THAT(user.json({"list"}).at("snapshots"), SizeIs(2));
}

TEST_F(Trouble, AnUnknownSnapshotIsAnsweredWithTheNearestNames) {
  user.quemsi({"snapshot", "before-multi-tenant"});
  EXPECT_THAT(error_of({"restore", "before-multi-tennant", "--yes"}),
              AllOf(HasSubstr("before-multi-tennant"), HasSubstr("before-multi-tenant\n"),
                    HasSubstr("git quemsi list")));
}

TEST_F(Trouble, AnAmbiguousNameListsTheCandidates) {
  user.git({"branch", "twice"});
  user.git({"switch", "-q", "twice"});
  sqlite(db, "DELETE FROM orders;");
  user.quemsi({"snapshot", "other"});
  user.git({"switch", "-q", "main"});
  user.quemsi({"tag", "good", "twice"});
  EXPECT_THAT(error_of({"restore", "twice", "--yes"}),
              AllOf(HasSubstr("ambiguous"), HasSubstr("good"), HasSubstr("other")));
}

TEST_F(Trouble, AMissingDatabaseIsNamedAndRestored) {
  std::filesystem::remove(db);
  EXPECT_THAT(error_of({"snapshot"}), HasSubstr("app"));
  const Json status = user.json({"status"});
  EXPECT_EQ(status.at("databases").at(0).at("exists"), false);
  user.quemsi({"restore", "good", "--yes"});
  EXPECT_EQ(dump(db), good_);
}

TEST_F(Trouble, AMissingDatabaseDoesNotStopASwitch) {
  user.git({"switch", "-q", "-c", "feature"});
  sqlite(db, "DELETE FROM orders;");
  const std::string feature = dump(db);
  user.git({"switch", "-q", "main"});
  std::filesystem::remove(db);
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(db), feature);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), good_);
}

/// git has written the file before any hook runs: it must not be taken for what was there.
TEST_F(Trouble, AFileInGitIsLeftToGitUntilItIsNot) {
  const char* const remedy = "git rm --cached 'app.db'";
  user.git({"add", "--force", "app.db"});
  user.git({"commit", "-q", "-m", "The database, too"});
  EXPECT_THAT(user.run({"git", "switch", "-c", "side"}).err, HasSubstr(remedy));
  sqlite(db, "DELETE FROM orders;");
  const std::string side = dump(db);
  user.git({"commit", "-q", "-a", "-m", "Of side"});
  EXPECT_THAT(user.run({"git", "switch", "main"}).err, HasSubstr(remedy));
  EXPECT_EQ(dump(db), good_);
  EXPECT_THAT(user.run({"git", "switch", "side"}).err, HasSubstr(remedy));
  EXPECT_EQ(dump(db), side);
  EXPECT_THAT(user.json({"status"}).at("warnings").dump(), HasSubstr(remedy));
  EXPECT_THAT(user.try_quemsi({"doctor"}).out, HasSubstr(remedy));

  // As told, on both branches; then each has what it had.
  for (const char* branch : {"side", "main"}) {
    user.git({"switch", "-q", "--force", branch});
    user.git({"rm", "-q", "--cached", "app.db"});
    user.git({"commit", "-q", "-m", "Without the database"});
  }
  EXPECT_EQ(dump(db), good_);
  sqlite(db, "INSERT INTO users(name) VALUES ('unsaved');");
  const std::string unsaved = dump(db);
  EXPECT_EQ(user.run({"git", "switch", "-q", "-c", "third"}).exit_code, 0);
  sqlite(db, "DELETE FROM users;");
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), unsaved);
  EXPECT_TRUE(user.json({"status"}).at("warnings").empty());
}

/// What cannot move keeps the others where they are: all of them are one branch's.
TEST_F(Trouble, AFileInGitKeepsTheOthersFromMoving) {
  const auto jobs = user.top() / "jobs.db";
  sqlite(jobs, "CREATE TABLE t(x); INSERT INTO t VALUES ('of main');");
  write_file(user.top() / ".quemsi.yml",
             "databases:\n  app: sqlite:app.db\n  jobs: sqlite:jobs.db\n");
  user.quemsi({"trust"});
  user.git({"add", "--force", "app.db", ".quemsi.yml"});
  user.git({"commit", "-q", "-m", "Two databases, one of them here"});
  user.git({"branch", "-q", "side"});
  const std::string unsaved = dump(jobs);
  EXPECT_THAT(user.run({"git", "switch", "side"}).err, HasSubstr("git rm --cached 'app.db'"));
  EXPECT_EQ(user.json({"status"}).at("owner_branch"), "main");
  EXPECT_EQ(dump(jobs), unsaved);
}

TEST_F(Trouble, AnEmptyFileIsAnEmptyDatabase) {
  write_file(db, "");
  const std::string empty = dump(db);
  user.quemsi({"snapshot", "empty"});
  user.quemsi({"restore", "good", "--yes"});
  EXPECT_EQ(dump(db), good_);
  user.quemsi({"restore", "empty", "--yes"});
  EXPECT_EQ(dump(db), empty);
}

TEST_F(Trouble, AFileThatIsNoDatabaseIsLeftAlone) {
  const std::string text(500, 'n');
  write_file(db, text);
  EXPECT_THAT(error_of({"snapshot"}), HasSubstr("not a SQLite database"));
  EXPECT_THAT(error_of({"restore", "good", "--yes"}), HasSubstr("not a SQLite database"));
  EXPECT_EQ(read_file(db), text);
}

/// Root may write anything, so root is not who runs these.
class ReadOnly : public EndToEnd {
 protected:
  void SetUp() override {
    set_up_shop();
    user.quemsi({"snapshot", "good"});
    user.settle();
    sqlite(db, "DELETE FROM orders;");
    live_ = dump(db);
    std::filesystem::permissions(user.home().parent_path(), std::filesystem::perms(0755));
    if (geteuid() == 0) user.ok({"chown", "-R", "65534:65534", user.home().parent_path()});
  }

  CommandResult as_nobody(Words words) {
    if (geteuid() == 0) {
      Words prefix{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
      words.insert(words.begin(), prefix.begin(), prefix.end());
    }
    return user.run(words);
  }

  void expect_refused(const std::string& cure) {
    const CommandResult result =
        as_nobody({"git", "quemsi", "restore", "good", "--yes", "--config", "busy_timeout=100ms"});
    EXPECT_EQ(result.exit_code, 128) << result;
    EXPECT_THAT(result.err, AllOf(HasSubstr("read-only"), HasSubstr(cure)));
  }

  std::string live_;
};

TEST_F(ReadOnly, ADatabaseFile) {
  std::filesystem::permissions(db, std::filesystem::perms(0444));
  expect_refused("chmod u+w");
  std::filesystem::permissions(db, std::filesystem::perms(0644));
  EXPECT_EQ(dump(db), live_);
}

TEST_F(ReadOnly, TheFolderOfADatabase) {
  std::filesystem::permissions(user.top(), std::filesystem::perms(0555));
  expect_refused("chmod u+wx");
  std::filesystem::permissions(user.top(), std::filesystem::perms(0755));
  EXPECT_EQ(dump(db), live_);
}

/// Where everything that we know is.
TEST_F(ReadOnly, TheStateBelowTheGitFolder) {
  user.ok({"chmod", "-R", "a-w", user.state_dir()});
  const CommandResult snapshot = as_nobody({"git", "quemsi", "snapshot", "new"});
  const CommandResult hook =
      as_nobody({"git-quemsi", "hook", "post-checkout", "HEAD", "HEAD", "1"});
  user.ok({"chmod", "-R", "u+w", user.state_dir()});
  EXPECT_EQ(snapshot.exit_code, 128) << snapshot;
  EXPECT_THAT(snapshot.err, HasSubstr(user.state_dir().string()));
  EXPECT_EQ(hook.exit_code, 0) << hook;
  EXPECT_EQ(dump(db), live_);
  EXPECT_EQ(as_nobody({"git", "quemsi", "snapshot", "new"}).exit_code, 0);
}

TEST_F(Trouble, AWriterThatFinishesIsWaitedFor) {
  user.git({"config", "quemsi.busyTimeout", "60s"});
  Application application(db);
  application.sql("BEGIN EXCLUSIVE; INSERT INTO orders VALUES (60, 1, 'in time')");
  RunningCommand snapshot(user.request({"git", "quemsi", "snapshot", "late"}));
  const auto lock = user.state_dir() / "operation.lock";
  while (FileLock::try_lock(lock, LockMode::exclusive)) usleep(1000);
  application.sql("COMMIT");
  const CommandResult result = snapshot.finish();
  EXPECT_EQ(result.exit_code, 0) << result;
  user.quemsi({"restore", "late", "--to", "copy.db"});
  EXPECT_EQ(sqlite(user.top() / "copy.db", "SELECT note FROM orders WHERE id = 60;"), "in time\n");
}

TEST_F(Trouble, AWriterThatDoesNotFinishIsNamedAndNothingChanges) {
  user.git({"config", "quemsi.busyTimeout", "200ms"});
  sqlite(db, "DELETE FROM users WHERE id = 3;");
  const std::string live = dump(db);
  {
    Application application(db);
    application.sql("BEGIN EXCLUSIVE");
    EXPECT_THAT(error_of({"snapshot", "never"}), HasSubstr("app.db"));
    EXPECT_THAT(error_of({"restore", "good", "--yes"}), HasSubstr("app.db"));
  }
  EXPECT_EQ(dump(db), live);
  EXPECT_THAT(user.json({"list"}).at("snapshots"), SizeIs(2));
  user.settle();
  user.quemsi({"fsck"});
}

TEST_F(Trouble, ASecondCommandSaysThatItWaitsAndThenGoesOn) {
  std::optional<FileLock> first = FileLock::lock(user.state_dir() / "operation.lock",
                                                 LockMode::exclusive, std::chrono::seconds(30));
  RunningCommand second(user.request({"git", "quemsi", "snapshot", "second"}));
  EXPECT_TRUE(second.wait_for_error("waiting for another", std::chrono::seconds(60)));
  first.reset();
  EXPECT_EQ(second.finish().exit_code, 0);
}

TEST_F(Trouble, ASecondCommandDoesNotWaitForEver) {
  const FileLock first = FileLock::lock(user.state_dir() / "operation.lock", LockMode::exclusive,
                                        std::chrono::seconds(30));
  const CommandResult second = user.try_quemsi({"snapshot", "second"});
  EXPECT_EQ(second.exit_code, 128) << second;
  EXPECT_THAT(second.err, HasSubstr("error: another git-quemsi process is at work"));
  EXPECT_THAT(second.err, HasSubstr("try again"));
}

TEST_F(Trouble, TwoCommandsAtTheSameTimeBothDoTheirWork) {
  RunningCommand one(user.request({"git", "quemsi", "snapshot", "one"}));
  RunningCommand two(user.request({"git", "quemsi", "snapshot", "two"}));
  const CommandResult first = one.finish();
  const CommandResult second = two.finish();
  EXPECT_EQ(first.exit_code, 0) << first;
  EXPECT_EQ(second.exit_code, 0) << second;
  EXPECT_THAT(user.json({"list"}).at("snapshots"), SizeIs(4));
  user.settle();
  user.quemsi({"fsck"});
}

TEST_F(Trouble, AnInterruptDuringASnapshotLeavesEverythingInOrder) {
  sqlite(db, "INSERT INTO users(name, photo) VALUES ('big', randomblob(30000000));");
  const std::string live = dump(db);
  RunningCommand snapshot(user.request({"git", "quemsi", "snapshot", "interrupted"}));
  while (FileLock::try_lock(user.state_dir() / "operation.lock", LockMode::exclusive)) usleep(100);
  snapshot.send_signal(SIGINT);
  const CommandResult result = snapshot.finish();
  EXPECT_EQ(result.exit_code, 128 + SIGINT) << result;
  EXPECT_EQ(dump(db), live);
  user.settle();
  user.quemsi({"fsck"});
  EXPECT_EQ(user.json({"status"}).at("warnings"), Json::array());
}

class TwoDatabases : public EndToEnd {
 protected:
  void SetUp() override {
    sqlite(db, shop_schema);
    sqlite(jobs_, "CREATE TABLE jobs(id INTEGER PRIMARY KEY, what TEXT);");
    user.quemsi({"init", "--yes"});
    user.commit("Let both follow");
    user.git({"switch", "-q", "-c", "feature"});
    sqlite(db, "DELETE FROM orders;");
    sqlite(jobs_, "INSERT INTO jobs(what) VALUES ('of feature');");
    feature_ = both();
    user.git({"switch", "-q", "main"});
    sqlite(db, "DELETE FROM users WHERE id = 3;");
    sqlite(jobs_, "INSERT INTO jobs(what) VALUES ('unsaved on main');");
    main_ = both();
  }

  std::string both() { return dump(db) + dump(jobs_); }

  std::filesystem::path jobs_ = user.top() / "jobs.db";
  std::string main_;
  std::string feature_;
};

TEST_F(TwoDatabases, SwitchAsOne) {
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(both(), feature_);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(both(), main_);
}

TEST_F(TwoDatabases, AreBothAsTheyWereWhenTheLastCannotBeSwapped) {
  user.git({"config", "quemsi.busyTimeout", "200ms"});
  {
    Application writer(jobs_);
    writer.sql("BEGIN IMMEDIATE; INSERT INTO jobs(what) VALUES ('under way')");
    const CommandResult result = user.run({"git", "switch", "-q", "feature"});
    EXPECT_EQ(result.exit_code, 0) << result;
    EXPECT_EQ(count(result.err, "\n"), 1U) << result;
    EXPECT_THAT(result.err, HasSubstr("jobs"));
    writer.sql("ROLLBACK");
    EXPECT_EQ(both(), main_);
  }
  user.settle();
  user.quemsi({"fsck"});
  user.git({"checkout", "-q"});
  EXPECT_EQ(both(), feature_);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(both(), main_);
}

TEST_F(TwoDatabases, OneOfThemIsSnapshotAndRestoredByItself) {
  const std::string jobs_before = dump(jobs_);
  user.quemsi({"snapshot", "only-jobs", "--database", "jobs"});
  const std::string app_before = dump(db);
  sqlite(jobs_, "DELETE FROM jobs;");
  user.quemsi({"restore", "only-jobs", "--yes"});
  EXPECT_EQ(dump(jobs_), jobs_before);
  EXPECT_EQ(dump(db), app_before);
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(both(), feature_);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(both(), app_before + jobs_before);
}

}  // namespace
}  // namespace quemsi::test
