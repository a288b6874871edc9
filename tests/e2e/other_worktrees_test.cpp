// Clones and linked worktrees never touch a database that is not theirs.
#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;

class OtherWorktrees : public EndToEnd {
 protected:
  void SetUp() override {
    set_up_shop();
    feature_ = make_feature_branch();
    sqlite(db, "DELETE FROM orders;");
    main_ = dump(db);
  }

  std::string feature_;
  std::string main_;
  std::filesystem::path other_ = user.home() / "other tree";
};

TEST_F(OtherWorktrees, ACloneLeavesTheOriginalsDatabaseAlone) {
  const FileId before = FileId::of(db);
  user.git({"clone", "-q", user.top().string(), other_.string()});
  EXPECT_EQ(user.run_in(other_, {"git", "switch", "-q", "feature"}).exit_code, 0);
  EXPECT_EQ(FileId::of(db), before);
}

TEST_F(OtherWorktrees, InACloneNothingIsTrustedUntilItsUserSaysSo) {
  user.git({"clone", "-q", user.top().string(), other_.string()});
  sqlite(other_ / "app.db", "CREATE TABLE t(x);");
  const CommandResult snapshot = user.run_in(other_, {"git", "quemsi", "snapshot"});
  EXPECT_EQ(snapshot.exit_code, 128);
  EXPECT_THAT(snapshot.err, HasSubstr("git quemsi trust"));
  EXPECT_EQ(user.run_in(other_, {"git", "quemsi", "install"}).exit_code, 0);
  const CommandResult again = user.run_in(other_, {"git", "quemsi", "snapshot"});
  EXPECT_EQ(again.exit_code, 0) << again;
}

TEST_F(OtherWorktrees, AFreshWorktreeLeavesTheLiveDatabaseAlone) {
  const FileId before = FileId::of(db);
  user.git({"worktree", "add", "-q", other_.string(), "feature"});
  EXPECT_EQ(user.run_in(other_, {"git", "switch", "-q", "-c", "third"}).exit_code, 0);
  EXPECT_EQ(user.run_in(other_, {"git", "switch", "-q", "feature"}).exit_code, 0);
  EXPECT_EQ(FileId::of(db), before);
}

TEST_F(OtherWorktrees, AWorktreeWithADatabaseOfItsOwnFollowsByItself) {
  user.git({"worktree", "add", "-q", other_.string(), "-b", "side"});
  sqlite(other_ / "app.db", "CREATE TABLE side(x);");
  EXPECT_EQ(user.run_in(other_, {"git", "quemsi", "install"}).exit_code, 0);
  const std::string side = dump(other_ / "app.db");
  EXPECT_EQ(user.run_in(other_, {"git", "switch", "-q", "feature"}).exit_code, 0);
  EXPECT_EQ(dump(other_ / "app.db"), feature_);
  EXPECT_EQ(dump(db), main_);
  EXPECT_EQ(user.run_in(other_, {"git", "switch", "-q", "side"}).exit_code, 0);
  EXPECT_EQ(dump(other_ / "app.db"), side);
  EXPECT_EQ(dump(db), main_);
}

TEST_F(OtherWorktrees, TwoWorktreesCannotHaveOneDatabase) {
  user.git({"worktree", "add", "-q", other_.string(), "-b", "side"});
  write_file(other_ / ".quemsi.local.yml", "databases:\n  app: \"sqlite:" + db.string() + "\"\n");
  const CommandResult result = user.run_in(other_, {"git", "quemsi", "trust"});
  EXPECT_EQ(result.exit_code, 128) << result;
  EXPECT_THAT(result.err, HasSubstr("main"));
  EXPECT_EQ(user.run_in(other_, {"git", "switch", "-q", "feature"}).exit_code, 0);
  EXPECT_EQ(dump(db), main_);
}

}  // namespace
}  // namespace quemsi::test
