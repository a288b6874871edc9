// A hook never makes git fail, says at most one line, and keeps nothing open.
#include <unistd.h>

#include "e2e/fixture.hpp"
#include "util/file_lock.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;

class Hook : public EndToEnd {
 protected:
  void SetUp() override {
    set_up_shop();
    feature_ = make_feature_branch();
    sqlite(db, "DELETE FROM orders;");
    main_ = dump(db);
  }

  /// git succeeds, the database stays, one line of ours says why.
  void expect_left_alone(const CommandResult& result) {
    EXPECT_EQ(result.exit_code, 0) << result;
    EXPECT_EQ(count(result.err, "quemsi: "), 1U) << result;
    EXPECT_EQ(count(result.err, "\n"), 1U) << result;
    EXPECT_EQ(user.git({"branch", "--show-current"}), "feature\n");
  }

  CommandResult switch_to_feature() { return user.run({"git", "switch", "-q", "feature"}); }

  std::string main_;
  std::string feature_;
};

TEST_F(Hook, WithABrokenConfigurationGitGoesOn) {
  write_file(user.top() / ".quemsi.yml", "databases: [\n");
  expect_left_alone(user.run({"git", "switch", "-q", "-m", "feature"}));
  EXPECT_EQ(dump(db), main_);
}

TEST_F(Hook, WithTheConfigurationOfAnotherBranchItStandsStill) {
  user.git({"switch", "-q", "-c", "hostile"});
  write_file(user.top() / ".quemsi.yml", "version: 1\ndatabases:\n  app: sqlite:victim.db\n");
  sqlite(user.top() / "victim.db", "CREATE TABLE precious(x); INSERT INTO precious VALUES (1);");
  const std::string victim = dump(user.top() / "victim.db");
  user.commit("Name another database");
  user.git({"switch", "-q", "main"});
  const CommandResult result = user.run({"git", "switch", "-q", "hostile"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_THAT(result.err, HasSubstr("git quemsi trust"));
  EXPECT_EQ(count(result.err, "\n"), 1U) << result;
  EXPECT_EQ(dump(db), main_);
  EXPECT_EQ(dump(user.top() / "victim.db"), victim);
}

TEST_F(Hook, WithALockedDatabaseItGivesUpAndTheNextCheckoutCatchesUp) {
  user.git({"config", "quemsi.busyTimeout", "100ms"});
  {
    Application application(db);
    application.sql("BEGIN EXCLUSIVE");
    expect_left_alone(switch_to_feature());
  }
  EXPECT_EQ(dump(db), main_);
  user.git({"checkout", "-q"});
  EXPECT_EQ(dump(db), feature_);
}

TEST_F(Hook, WithADamagedCatalogueItSaysSo) {
  user.settle();
  write_file(user.state_dir() / "catalogue.db", std::string(8192, 'x'));
  std::filesystem::remove(user.state_dir() / "catalogue.db-wal");
  std::filesystem::remove(user.state_dir() / "catalogue.db-shm");
  expect_left_alone(switch_to_feature());
  EXPECT_EQ(dump(db), main_);
}

TEST_F(Hook, WithADatabaseThatIsNoneItSaysSo) {
  write_file(db,
             "this is not a database, but it is longer than a header of a hundred bytes: "
             "and so on, and so on, and so on, and so on");
  const std::string before = read_file(db);
  expect_left_alone(switch_to_feature());
  EXPECT_EQ(read_file(db), before);
}

TEST_F(Hook, WithoutItsModulesItSaysSo) {
  const auto installed = user.home() / "copy";
  std::filesystem::create_directories(installed / "bin");
  std::filesystem::copy(QUEMSI_BIN_DIR "/git-quemsi", installed / "bin" / "git-quemsi");
  user.set("PATH", (installed / "bin").string() + ":/usr/local/bin:/usr/bin:/bin");
  expect_left_alone(switch_to_feature());
  EXPECT_EQ(dump(db), main_);
}

TEST_F(Hook, ClosesEveryDescriptorWhileItsWorkerGoesOn) {
  user.settle();
  // The worker cannot finish while we have this lock; whoever reads the hook's output can.
  const FileLock held = FileLock::lock(user.state_dir() / "worker-item.lock", LockMode::exclusive,
                                       std::chrono::seconds(30));
  const CommandResult result = user.run({"sh", "-c", "git checkout -q feature 2>&1 | cat"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_FALSE(result.timed_out);
  EXPECT_FALSE(user.json({"status"}).at("background").empty());
  EXPECT_EQ(dump(db), feature_);
}

TEST_F(Hook, NeverAsksAndNeverReadsWhatIsMeantForGit) {
  CommandRequest request = user.request({"sh", "-c", "git switch -q feature; cat"});
  request.input = "for somebody else\n";
  EXPECT_EQ(run_command(request).out, "for somebody else\n");
}

TEST_F(Hook, IsNotConfusedByVariablesThatGitSets) {
  const CommandResult result = user.run(
      {"git", "-c", "core.quotePath=false", "-C", user.top().string(), "switch", "-q", "feature"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(dump(db), feature_);
}

TEST_F(Hook, TracesItsStepsWhenAsked) {
  user.set("GIT_QUEMSI_TRACE", "1");
  EXPECT_THAT(switch_to_feature().err, HasSubstr(" ms "));
}

/// The program is a copy that the test can take away.
class MissingProgram : public EndToEnd {
 protected:
  MissingProgram() : EndToEnd({.bin_dir = "/nonexistent"}) {
    const auto from = std::filesystem::path(QUEMSI_BIN_DIR).parent_path();
    std::filesystem::create_directories(prefix_ / "bin");
    std::filesystem::copy(from / "bin" / "git-quemsi", prefix_ / "bin" / "git-quemsi");
    std::filesystem::create_directories(prefix_ / "lib");
    std::filesystem::create_directory_symlink(from / "lib" / "git-quemsi",
                                              prefix_ / "lib" / "git-quemsi");
    sqlite(db, shop_schema);
    user.ok({(prefix_ / "bin" / "git-quemsi").string(), "init", "--yes"});
    user.commit("Let the database follow the branch");
    user.git({"branch", "feature"});
  }

  std::filesystem::path prefix_ = user.home() / "a prefix";
};

TEST_F(MissingProgram, TheProgramIsFoundWhereItWasInstalledFrom) {
  const std::string before = dump(db);
  user.git({"switch", "-q", "feature"});
  sqlite(db, "DELETE FROM orders;");
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), before);
}

TEST_F(MissingProgram, AProgramThatIsGoneCostsOneLine) {
  EXPECT_TRUE(user.wait_for_processes(std::chrono::seconds(60)));
  std::filesystem::remove_all(prefix_);
  const CommandResult result = user.run({"git", "switch", "-q", "feature"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(count(result.err, "\n"), 1U) << result;
  EXPECT_THAT(result.err, HasSubstr("git-quemsi"));
}

}  // namespace
}  // namespace quemsi::test
