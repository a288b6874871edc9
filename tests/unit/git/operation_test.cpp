// Each state is reached by the git command that leaves it behind.
#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

class OperationTest : public GitTest {
 public:
  /// `main` and `side` have changed the same line.
  OperationTest() {
    make_repository(repo());
    run_git({"switch", "--quiet", "--create", "side"});
    commit(repo(), "file", "side\n");
    commit(repo(), "other", "side\n");
    run_git({"switch", "--quiet", "main"});
    commit(repo(), "file", "main\n");
  }

  /// Runs git, which stops with a conflict.
  void conflict(std::vector<std::string> arguments) const {
    EXPECT_NE(try_git(repo(), std::move(arguments)).exit_code, 0);
  }
  [[nodiscard]] GitOperation now() const { return open().operation(); }
  /// A hook that writes what the program would find, into `seen`.
  void watch(const std::string& hook) const {
    write_script(repo() / ".git" / "hooks" / hook,
                 "cp -R \"$(git rev-parse --git-dir)\" '" + (root() / "seen").string() + "'\n");
  }
};

TEST_F(OperationTest, IsNoneAtRest) { EXPECT_EQ(now(), GitOperation::none); }

TEST_F(OperationTest, SeesARebaseOfTheMergeBackend) {
  run_git({"switch", "--quiet", "side"});
  conflict({"rebase", "--merge", "main"});
  EXPECT_EQ(now(), GitOperation::rebase);
  run_git({"rebase", "--abort"});
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, SeesARebaseOfTheApplyBackend) {
  run_git({"switch", "--quiet", "side"});
  conflict({"rebase", "--apply", "main"});
  EXPECT_EQ(now(), GitOperation::rebase);
  run_git({"rebase", "--abort"});
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, SeesTheStartOfARebaseOfTheApplyBackend) {
  watch("post-checkout");
  run_git({"switch", "--quiet", "side"});
  std::filesystem::remove_all(root() / "seen");
  conflict({"rebase", "--apply", "main"});
  // What the hook saw: no state folder yet.
  ASSERT_TRUE(std::filesystem::exists(root() / "seen" / "HEAD"));
  ASSERT_FALSE(std::filesystem::exists(root() / "seen" / "rebase-apply"));
  std::filesystem::create_directories(root() / "copy");
  std::filesystem::rename(root() / "seen", root() / "copy" / ".git");
  EXPECT_EQ(open(root() / "copy").operation(), GitOperation::rebase);
}

TEST_F(OperationTest, SeesNothingAfterARebase) {
  run_git({"switch", "--quiet", "side"});
  run_git({"rebase", "--quiet", "--apply", "--force-rebase", "HEAD~1"});
  EXPECT_EQ(now(), GitOperation::none);
  run_git({"switch", "--quiet", "--create", "behind", "HEAD~1"});
  run_git({"rebase", "--quiet", "--apply", "side"});
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, IsNotFooledByACommitMessage) {
  run_git({"commit", "--quiet", "--allow-empty", "--message", "x (start): checkout y"});
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, SeesAMerge) {
  conflict({"merge", "side"});
  EXPECT_EQ(now(), GitOperation::merge);
  run_git({"merge", "--abort"});
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, SeesACherryPick) {
  conflict({"cherry-pick", "side~1"});
  EXPECT_EQ(now(), GitOperation::cherry_pick);
  run_git({"cherry-pick", "--abort"});
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, SeesASequenceBetweenTwoPicks) {
  conflict({"cherry-pick", "side~1", "side"});
  EXPECT_EQ(now(), GitOperation::cherry_pick);
  write_file(repo() / "file", "resolved\n");
  run_git({"commit", "--quiet", "--all", "--message", "resolved"});
  EXPECT_EQ(now(), GitOperation::sequencer);
  run_git({"cherry-pick", "--continue"});
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, SeesARevert) {
  run_git({"switch", "--quiet", "side"});
  commit(repo(), "file", "side again\n");
  conflict({"revert", "HEAD~2"});
  EXPECT_EQ(now(), GitOperation::revert);
  run_git({"revert", "--abort"});
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, SeesABisect) {
  run_git({"bisect", "start"});
  EXPECT_EQ(now(), GitOperation::bisect);
  run_git({"bisect", "reset"});
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, SeesMailsBeingApplied) {
  run_git({"format-patch", "--quiet", "--output-directory", "../patches", "main..side"});
  conflict({"am", (root() / "patches" / "0001-change-file.patch").string()});
  EXPECT_EQ(now(), GitOperation::am);
  run_git({"am", "--abort"});
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, IsThatOfTheWorktree) {
  run_git({"worktree", "add", "--quiet", "../linked", "side"});
  EXPECT_NE(try_git(root() / "linked", {"rebase", "main"}).exit_code, 0);
  EXPECT_EQ(open(root() / "linked").operation(), GitOperation::rebase);
  EXPECT_EQ(now(), GitOperation::none);
}

TEST_F(OperationTest, HasANameForEach) {
  EXPECT_EQ(to_string(GitOperation::cherry_pick), "cherry-pick");
  EXPECT_EQ(to_string(GitOperation::none), "none");
}

}  // namespace
}  // namespace quemsi::git_test
