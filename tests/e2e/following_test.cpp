// Which checkouts move the database, and which never do.
#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class Following : public EndToEnd {
 protected:
  void SetUp() override {
    set_up_shop();
    main_ = dump(db);
    feature_ = make_feature_branch();
  }

  /// What our hook says of it: nothing else of git's writes "quemsi".
  std::string said_by_hook(Words argv) {
    const CommandResult result = user.run(std::move(argv));
    EXPECT_EQ(result.exit_code, 0) << result;
    return result.err.find("quemsi") == std::string::npos ? "" : result.err;
  }

  std::string main_;
  std::string feature_;
};

TEST_F(Following, EachBranchHasItsOwnState) {
  EXPECT_EQ(dump(db), main_);
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(db), feature_);
  user.git({"checkout", "-q", "main"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(Following, ACheckpointNamesTheCommitOfTheBranchThatWasLeft) {
  user.commit("Further on main");
  user.git({"switch", "-q", "feature"});
  sqlite(db, "DELETE FROM orders;");
  user.git({"switch", "-q", "main"});
  const Json kept = user.json({"show", "feature"});
  EXPECT_EQ(kept.at("kind"), "checkpoint");
  EXPECT_EQ(std::string(kept.at("commit")) + "\n", user.git({"rev-parse", "feature"}));
}

TEST_F(Following, ASwitchSaysWhatItDidInOneLine) {
  const CommandResult result = user.run({"git", "switch", "-q", "feature"});
  EXPECT_EQ(count(result.err, "\n"), 1U) << result;
  EXPECT_THAT(result.err, HasSubstr("feature"));
}

TEST_F(Following, NothingMovesWhenNothingDiffers) {
  const FileId before = FileId::of(db);
  EXPECT_THAT(said_by_hook({"git", "switch", "-q", "-c", "twin"}), IsEmpty());
  EXPECT_THAT(said_by_hook({"git", "switch", "-q", "main"}), IsEmpty());
  EXPECT_EQ(FileId::of(db), before);
}

TEST_F(Following, ANewBranchInheritsTheLiveStateAndTheOldOneKeepsIts) {
  sqlite(db, "INSERT INTO orders VALUES (100, 1, 'unsaved on main');");
  const std::string unsaved = dump(db);
  user.git({"switch", "-q", "-c", "heir"});
  EXPECT_EQ(dump(db), unsaved);
  sqlite(db, "DELETE FROM orders;");
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), unsaved);
}

TEST_F(Following, WhatIsUnsavedIsKeptUnderTheBranchThatItBelongsTo) {
  sqlite(db, "DELETE FROM users WHERE id = 3;");
  const std::string unsaved = dump(db);
  user.git({"switch", "-q", "feature"});
  const Json kept = user.json({"list", "--branch", "main", "--kind", "checkpoint"});
  EXPECT_FALSE(kept.at("snapshots").empty());
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), unsaved);
}

TEST_F(Following, ABranchMovedBehindOurBackIsNotMistakenForTheOwner) {
  sqlite(db, "DELETE FROM users WHERE id = 3;");
  const std::string unsaved = dump(db);
  user.git({"symbolic-ref", "HEAD", "refs/heads/feature"});
  user.git({"reset", "-q", "--hard"});
  EXPECT_EQ(dump(db), unsaved);
  user.git({"checkout", "-q"});
  EXPECT_EQ(dump(db), feature_);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), unsaved);
}

TEST_F(Following, TagsAndDetachedHeadsLeaveTheDatabaseAlone) {
  user.git({"tag", "v1"});
  sqlite(db, "DELETE FROM orders;");
  const std::string unsaved = dump(db);
  const FileId before = FileId::of(db);
  user.git({"checkout", "-q", "v1"});
  user.git({"checkout", "-q", "feature~0"});
  EXPECT_EQ(FileId::of(db), before);
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(db), feature_);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), unsaved);
}

TEST_F(Following, ABareCheckoutMovesNothing) {
  sqlite(db, "DELETE FROM orders;");
  const FileId before = FileId::of(db);
  user.git({"checkout"});
  EXPECT_EQ(FileId::of(db), before);
}

TEST_F(Following, CheckingOutFilesMovesNothing) {
  sqlite(db, "DELETE FROM orders;");
  const FileId before = FileId::of(db);
  user.git({"checkout", "feature", "--", ".gitignore"});
  user.git({"checkout", "--", ".gitignore"});
  user.git({"restore", ".gitignore"});
  EXPECT_EQ(FileId::of(db), before);
}

TEST_F(Following, TheSkipVariableSilencesTheHookUntilTheNextCheckout) {
  user.set("GIT_QUEMSI_SKIP", "1");
  EXPECT_THAT(said_by_hook({"git", "switch", "-q", "feature"}), IsEmpty());
  EXPECT_EQ(dump(db), main_);
  user.unset("GIT_QUEMSI_SKIP");
  user.git({"checkout", "-q"});
  EXPECT_EQ(dump(db), feature_);
}

TEST_F(Following, ARenamedBranchKeepsItsState) {
  user.git({"switch", "-q", "feature"});
  user.git({"branch", "-m", "feature", "renamed"});
  EXPECT_EQ(user.json({"status"}).at("owner_branch"), "renamed");
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main_);
  user.git({"branch", "-m", "renamed", "renamed/again"});
  user.git({"switch", "-q", "renamed/again"});
  EXPECT_EQ(dump(db), feature_);
}

TEST_F(Following, ACopiedBranchStartsAtTheStateOfTheOriginalAndThenParts) {
  user.git({"branch", "-c", "feature", "copy"});
  user.git({"switch", "-q", "copy"});
  EXPECT_EQ(dump(db), feature_);
  sqlite(db, "DELETE FROM users;");
  const std::string copy = dump(db);
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(db), feature_);
  user.git({"switch", "-q", "copy"});
  EXPECT_EQ(dump(db), copy);
}

TEST_F(Following, ABranchMadeAnewUnderAnOldNameDoesNotInheritTheOldState) {
  user.git({"branch", "-q", "-D", "feature"});
  user.git({"switch", "-q", "-c", "feature"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(Following, AnOrphanBranchInheritsAndKeepsItsOwnState) {
  user.git({"switch", "-q", "--orphan", "fresh"});
  EXPECT_EQ(dump(db), main_);
  write_file(user.top() / ".gitignore", "*.db\n*.db-*\n");
  user.git({"checkout", "-q", "main", "--", ".quemsi.yml"});
  user.commit("A fresh start");
  // Without its configuration the branch was left alone until now.
  user.git({"checkout", "-q"});
  sqlite(db, "DROP TABLE orders;");
  const std::string fresh = dump(db);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main_);
  user.git({"switch", "-q", "fresh"});
  EXPECT_EQ(dump(db), fresh);
}

TEST_F(Following, ABranchWithoutAConfigurationIsLeftAloneInSilence) {
  user.git({"switch", "-q", "--orphan", "bare"});
  write_file(user.top() / ".gitignore", "*.db\n*.db-*\n");
  user.git({"add", ".gitignore"});
  user.git({"commit", "-q", "-m", "No configuration"});
  user.git({"switch", "-q", "main"});
  const FileId before = FileId::of(db);
  EXPECT_THAT(said_by_hook({"git", "switch", "-q", "bare"}), IsEmpty());
  EXPECT_EQ(FileId::of(db), before);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main_);
}

TEST_F(Following, AHookStartedInAFolderOfTheRepositoryFindsIt) {
  std::filesystem::create_directories(user.top() / "a" / "deep folder");
  const CommandResult result =
      user.run_in(user.top() / "a" / "deep folder", {"git", "switch", "-q", "feature"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(dump(db), feature_);
}

TEST_F(Following, ASymbolicLinkToTheRepositoryIsTheRepository) {
  const auto link = user.home() / "linked";
  std::filesystem::create_directory_symlink(user.top(), link);
  const CommandResult result = user.run_in(link, {"git", "switch", "-q", "feature"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(dump(db), feature_);
  const CommandResult status = user.run_in(link, {"git", "quemsi", "status", "--json"});
  EXPECT_EQ(Json::parse(status.out).at("warnings"), Json::array()) << status;
}

TEST_F(Following, ADatabaseBehindASymbolicLinkIsSwitchedAndStaysALink) {
  const auto elsewhere = user.home() / "real data.db";
  std::filesystem::rename(db, elsewhere);
  std::filesystem::create_symlink(elsewhere, db);
  user.quemsi({"trust"});
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(elsewhere), feature_);
  EXPECT_TRUE(std::filesystem::is_symlink(db));
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main_);
}

}  // namespace
}  // namespace quemsi::test
