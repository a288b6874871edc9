// Snapshots named by commits, and branches and HEADs that only commits tell about.
#include <ctime>

#include "e2e/commits_fixture.hpp"

namespace quemsi::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

/// Three commits with a schema of their own each, tagged v1 to v3, and unsaved rows.
class CommitIsh : public CommitsTest {
 protected:
  void SetUp() override {
    CommitsTest::SetUp();
    for (int i = 1; i <= 3; ++i) {
      sqlite(db, "CREATE TABLE of_v" + std::to_string(i) + "(x);");
      at_.push_back(dump(db));
      user.commit("Schema " + std::to_string(i));
      user.git({"tag", "v" + std::to_string(i)});
      if (i == 2) user.commit("Nothing to do with the schema");
    }
    sqlite(db, "INSERT INTO of_v3 VALUES ('unsaved');");
    live_ = dump(db);
  }

  std::vector<std::string> at_;
  std::string live_;
};

TEST_F(CommitIsh, RestoreTakesWhatGitTakes) {
  for (const auto& [revision, state] : {std::pair{"v1", 0},
                                        {"HEAD~3", 0},
                                        {"v2^{commit}", 1},
                                        {"HEAD^", 1},
                                        {"main@{0}", 2},
                                        {":/Schema 2", 1}}) {
    user.quemsi({"restore", revision, "--yes"});
    EXPECT_EQ(dump(db), at_[static_cast<std::size_t>(state)]) << revision;
  }
}

TEST_F(CommitIsh, YesterdayIsWhatTheReflogSays) {
  constexpr std::time_t day = 24 * 60 * 60;
  user.set("GIT_COMMITTER_DATE", "@" + std::to_string(std::time(nullptr) - 3 * day) + " +0000");
  sqlite(db, "CREATE TABLE of_long_ago(x);");
  const std::string then = dump(db);
  user.commit("Three days ago");
  user.unset("GIT_COMMITTER_DATE");
  sqlite(db, "CREATE TABLE of_today(x);");
  user.commit("Today");
  for (const char* revision : {"@{yesterday}", "main@{yesterday}"}) {
    user.quemsi({"restore", revision, "--yes"});
    EXPECT_EQ(dump(db), then) << revision;
    user.quemsi({"undo", "--yes"});
  }
}

TEST_F(CommitIsh, ItIsSaidHowTheSnapshotWasFound) {
  EXPECT_EQ(user.json({"show", "v1"}).at("found").at("by"), "note");
  EXPECT_EQ(user.json({"show", "latest"}).at("found").at("by"), "latest");
  EXPECT_THAT(user.quemsi({"restore", "v1", "--dry-run"}), HasSubstr("linked to commit "));
  EXPECT_THAT(user.quemsi({"restore", "v1", "--yes"}), HasSubstr("by its note"));
}

TEST_F(CommitIsh, TheNearestAncestorServesWhereTheCommitHasNone) {
  set("quemsi.onCommit", "off");
  user.commit("one");
  user.commit("two");
  const Json found = user.json({"show", "HEAD"}).at("found");
  EXPECT_EQ(found.at("steps"), 2);
  EXPECT_EQ(std::string(found.at("commit")) + "\n", user.git({"rev-parse", "v3"}));
  EXPECT_THAT(user.quemsi({"restore", "HEAD", "--yes"}),
              AllOf(HasSubstr("ancestor"), HasSubstr("2 commits back")));
  EXPECT_EQ(dump(db), at_[2]);
}

TEST_F(CommitIsh, TrailersServeWhereThereAreNoNotes) {
  user.quemsi({"snapshot", "named"});
  user.commit("With a trailer");
  user.commit("After it");
  user.git({"update-ref", "-d", "refs/notes/quemsi"});
  const Json found = user.json({"show", "HEAD~1"}).at("found");
  EXPECT_EQ(found.at("by"), "trailer");
  EXPECT_EQ(user.json({"show", "HEAD~1"}).at("tags").at(0), "named");
  EXPECT_EQ(user.json({"show", "HEAD"}).at("found").at("steps"), 1);
}

TEST_F(CommitIsh, ACommitBeforeEverySnapshotIsAnError) {
  user.git({"update-ref", "-d", "refs/notes/quemsi"});
  const std::string root = user.git({"rev-list", "--max-parents=0", "HEAD"}).substr(0, 40);
  user.git({"switch", "-q", "--orphan", "island"});
  user.git({"commit", "-q", "--allow-empty", "-m", "nothing"});
  const CommandResult result = user.try_quemsi({"show", "island"});
  EXPECT_EQ(result.exit_code, 128);
  EXPECT_THAT(result.err, HasSubstr("no snapshot is linked"));
}

TEST_F(CommitIsh, ABranchFromAnOldReleaseStartsFromItsState) {
  const CommandResult result = user.run({"git", "switch", "-q", "-c", "fix", "v1"});
  EXPECT_EQ(dump(db), at_[0]);
  EXPECT_EQ(count(result.err, "\n"), 1U) << result;
  EXPECT_THAT(result.err, AllOf(HasSubstr("'fix' starts from"), HasSubstr("git quemsi undo")));
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), live_);
  user.git({"switch", "-q", "fix"});
  EXPECT_EQ(dump(db), at_[0]);
}

TEST_F(CommitIsh, UndoGivesSuchABranchWhatWasLive) {
  user.git({"switch", "-q", "-c", "fix", "v1"});
  user.quemsi({"undo", "--yes"});
  EXPECT_EQ(dump(db), live_);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), live_);
}

TEST_F(CommitIsh, ATeammatesBranchStartsFromTheNearestLink) {
  shell("new=$(git commit-tree -p v2 -m theirs v2^{tree}); git branch theirs $new");
  user.git({"switch", "-q", "theirs"});
  EXPECT_EQ(dump(db), at_[1]);
}

TEST_F(CommitIsh, ABranchAheadOfWhatIsLiveInheritsIt) {
  shell("new=$(git commit-tree -p main -m theirs main^{tree}); git branch theirs $new");
  const CommandResult result = user.run({"git", "switch", "-q", "theirs"});
  EXPECT_EQ(dump(db), live_);
  EXPECT_THAT(result.err, HasSubstr("git quemsi restore SNAPSHOT"));
  EXPECT_EQ(count(result.err, "\n"), 1U) << result;
}

TEST_F(CommitIsh, DetachingSaysThatTheDatabaseStays) {
  const CommandResult result = user.run({"git", "checkout", "-q", "v1"});
  EXPECT_EQ(dump(db), live_);
  EXPECT_EQ(count(result.err, "\n"), 1U) << result;
  EXPECT_THAT(result.err, AllOf(HasSubstr("stays with 'main'"), HasSubstr("restore HEAD")));
}

TEST_F(CommitIsh, WhatIsRestoredOnADetachedHeadIsNotTheBranchs) {
  user.git({"checkout", "-q", "v1"});
  user.quemsi({"restore", "HEAD", "--yes"});
  EXPECT_EQ(dump(db), at_[0]);
  sqlite(db, "DELETE FROM users;");
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), live_);
}

TEST_F(CommitIsh, NearestBringsTheStateOfTheCommit) {
  set("quemsi.followDetached", "nearest");
  for (const auto& [tag, state] : {std::pair{"v1", 0}, {"v3", 2}, {"v2", 1}}) {
    const CommandResult result = user.run({"git", "checkout", "-q", tag});
    EXPECT_EQ(dump(db), at_[static_cast<std::size_t>(state)]) << result;
    EXPECT_EQ(count(result.err, "\n"), 1U) << result;
    sqlite(db, "DELETE FROM users;");
  }
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), live_);
}

TEST_F(CommitIsh, BisectRunTestsEachCommitAgainstTheDatabaseOfItsTime) {
  set("quemsi.followBisect", "nearest");
  // The script spoils the database as a test would, and looks for what came with v2.
  write_file(user.home() / "test.sh",
             "sqlite3 app.db \"INSERT INTO orders(user, note) VALUES (1, 'test')\"\n"
             "! sqlite3 app.db 'SELECT * FROM of_v2' 2>&1\n");
  user.git({"bisect", "start", "main", "v1"});
  const std::string said = user.git({"bisect", "run", "sh", (user.home() / "test.sh").string()});
  EXPECT_THAT(said,
              HasSubstr(user.git({"rev-parse", "v2"}).substr(0, 40) + " is the first bad commit"));
  user.git({"bisect", "reset"});
  EXPECT_EQ(dump(db), live_);
}

TEST_F(CommitIsh, LogShowsCommitsAndSnapshotsTogether) {
  user.quemsi({"snapshot", "nightly"});
  user.commit("More");
  user.git({"branch", "side", "v1"});
  const std::string text = user.quemsi({"log", "--graph", "-n", "3"});
  EXPECT_THAT(text, AllOf(HasSubstr("* "), HasSubstr(" More  ["), HasSubstr("nightly")));
  EXPECT_THAT(text, HasSubstr("<- live"));
  EXPECT_EQ(count(text, "\n"), 3U) << text;
  const Json commits = user.json({"log"}).at("commits");
  EXPECT_EQ(commits.at(0).at("snapshots").at(0).at("tags").at(0), "nightly");
  EXPECT_TRUE(commits.at(0).at("live"));
  EXPECT_EQ(commits.size(), std::stoul(user.git({"rev-list", "--count", "HEAD"})));
  EXPECT_THAT(user.try_quemsi({"log", "nonsense"}).err, HasSubstr("nonsense"));
  EXPECT_THAT(user.quemsi({"log", "side"}), testing::Not(HasSubstr("nightly")));
}

TEST_F(CommitIsh, AWorktreeOfItsOwnGetsTheStateOfTheMainOne) {
  const auto tree = user.home() / "tree";
  user.git({"worktree", "add", "-q", tree.string(), "-b", "side"});
  const CommandResult init = user.run_in(tree, {"git", "quemsi", "init", "--yes"});
  ASSERT_EQ(init.exit_code, 0) << init;
  EXPECT_EQ(dump(tree / "app.db"), live_);
  sqlite(tree / "app.db", "DELETE FROM orders;");
  const std::string side = dump(tree / "app.db");
  EXPECT_EQ(user.run_in(tree, {"git", "switch", "-q", "-c", "third", "v1"}).exit_code, 0);
  EXPECT_EQ(dump(tree / "app.db"), at_[0]);
  EXPECT_EQ(user.run_in(tree, {"git", "switch", "-q", "side"}).exit_code, 0);
  EXPECT_EQ(dump(tree / "app.db"), side);
  EXPECT_EQ(dump(db), live_);
  EXPECT_EQ(user.json({"status"}).at("owner_branch"), "main");
}

}  // namespace
}  // namespace quemsi::test
