// While git is in the middle of something, the database stays where it is.
#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

class InProgress : public EndToEnd {
 protected:
  /// main and feature conflict in `file`; main's database has unsaved changes.
  void SetUp() override {
    set_up_shop();
    write_file(user.top() / "file", "base\n");
    user.commit("Add a file");
    user.git({"switch", "-q", "-c", "feature"});
    sqlite(db, "INSERT INTO users(name) VALUES ('of feature');");
    feature_ = dump(db);
    write_file(user.top() / "file", "feature\n");
    user.commit("Change it on feature");
    user.git({"switch", "-q", "main"});
    write_file(user.top() / "file", "main\n");
    user.commit("Change it on main");
    sqlite(db, "INSERT INTO users(name) VALUES ('unsaved on main');");
    main_ = dump(db);
  }

  void expect_conflict(Words argv) {
    const FileId before = FileId::of(db);
    EXPECT_NE(user.run(std::move(argv)).exit_code, 0);
    EXPECT_EQ(FileId::of(db), before);
  }

  void resolve() {
    write_file(user.top() / "file", "resolved\n");
    user.git({"add", "file"});
  }

  std::string main_;
  std::string feature_;
};

TEST_F(InProgress, ARebaseThatStopsAndIsAborted) {
  expect_conflict({"git", "rebase", "feature"});
  EXPECT_EQ(dump(db), main_);
  user.git({"rebase", "--abort"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(InProgress, ARebaseThatStopsAndGoesOn) {
  expect_conflict({"git", "rebase", "feature"});
  resolve();
  user.ok({"git", "-c", "core.editor=true", "rebase", "--continue"});
  EXPECT_EQ(dump(db), main_);
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(db), feature_);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(InProgress, ARebaseWithTheApplyBackend) {
  expect_conflict({"git", "rebase", "--apply", "feature"});
  user.git({"rebase", "--abort"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(InProgress, ARebaseOfAnotherBranchMovesTheDatabaseOnlyWhenItIsOver) {
  EXPECT_NE(user.run({"git", "rebase", "main", "feature"}).exit_code, 0);
  EXPECT_EQ(dump(db), main_);
  user.git({"rebase", "--abort"});
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(db), feature_);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(InProgress, ACleanRebaseOfAnotherBranchIsCaughtUpWithByTheNextCheckout) {
  user.git({"switch", "-q", "feature"});
  user.git({"reset", "-q", "--hard", "HEAD~1"});
  write_file(user.top() / "other file", "clean\n");
  user.commit("Nothing to conflict");
  user.git({"switch", "-q", "main"});
  user.git({"rebase", "-q", "main", "feature"});
  EXPECT_EQ(dump(db), main_);
  user.git({"checkout", "-q"});
  EXPECT_EQ(dump(db), feature_);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(InProgress, AMergeThatStops) {
  expect_conflict({"git", "merge", "feature"});
  user.git({"merge", "--abort"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(InProgress, AMergeThatIsCommitted) {
  expect_conflict({"git", "merge", "feature"});
  resolve();
  user.git({"commit", "-q", "--no-edit"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(InProgress, ACherryPickThatStops) {
  expect_conflict({"git", "cherry-pick", "feature"});
  user.git({"cherry-pick", "--abort"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(InProgress, ARevertThatStops) {
  write_file(user.top() / "file", "newer\n");
  user.commit("Change it again");
  expect_conflict({"git", "revert", "--no-edit", "HEAD~1"});
  user.git({"revert", "--abort"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(InProgress, BisectStepsAndTheirReset) {
  const FileId before = FileId::of(db);
  user.git({"bisect", "start", "HEAD", "HEAD~3"});
  user.git({"bisect", "good"});
  EXPECT_EQ(FileId::of(db), before);
  user.git({"bisect", "reset"});
  EXPECT_EQ(dump(db), main_);
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(db), feature_);
}

TEST_F(InProgress, ABisectResetToAnotherBranchBringsItsDatabase) {
  user.git({"bisect", "start", "HEAD", "HEAD~3"});
  user.git({"bisect", "reset", "feature"});
  EXPECT_EQ(dump(db), feature_);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(InProgress, AStashAndAResetMoveNothing) {
  write_file(user.top() / "file", "stashed\n");
  const FileId before = FileId::of(db);
  user.git({"stash", "-q"});
  user.git({"stash", "pop", "-q"});
  user.git({"reset", "-q", "--hard"});
  EXPECT_EQ(FileId::of(db), before);
}

}  // namespace
}  // namespace quemsi::test
