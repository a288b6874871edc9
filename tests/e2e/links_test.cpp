// Commits and the snapshots that they are tied to.
#include <algorithm>
#include <thread>

#include "e2e/commits_fixture.hpp"

namespace quemsi::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Links : public CommitsTest {};

TEST_F(Links, ACommitIsLinkedToTheNewestSnapshot) {
  EXPECT_THAT(links(), ElementsAre(id_of("latest")));
  user.quemsi({"snapshot", "nightly"});
  user.commit("More");
  EXPECT_THAT(links(), ElementsAre(id_of("nightly")));
  EXPECT_THAT(user.git({"notes", "--ref=quemsi", "show"}), HasSubstr(" nightly\n"));
}

TEST_F(Links, OnlyAChangeOfTheSchemaTakesASnapshot) {
  const std::string first = id_of("latest");
  sqlite(db, "INSERT INTO orders VALUES (50, 1, 'rows alone');");
  user.commit("Rows");
  EXPECT_EQ(snapshots(), 1U);
  EXPECT_THAT(links(), ElementsAre(first));
  sqlite(db, "ALTER TABLE orders ADD COLUMN paid INTEGER;");
  const std::string changed = dump(db);
  user.commit("Schema");
  ASSERT_EQ(snapshots(), 2U);
  const Json taken = user.json({"show", links().at(0)});
  EXPECT_EQ(taken.at("kind"), "checkpoint");
  EXPECT_EQ(std::string(taken.at("commit")) + "\n", user.git({"rev-parse", "HEAD"}));
  sqlite(db, "DELETE FROM orders;");
  user.quemsi({"restore", "HEAD", "--yes"});
  EXPECT_EQ(dump(db), changed);
}

TEST_F(Links, ASnapshotTakenForTheCommitIsEnough) {
  sqlite(db, "ALTER TABLE orders ADD COLUMN paid INTEGER;");
  user.quemsi({"snapshot", "migrated"});
  sqlite(db, "INSERT INTO orders VALUES (50, 1, 'later', 1);");
  user.commit("Migrate");
  EXPECT_EQ(snapshots(), 2U);
  EXPECT_THAT(links(), ElementsAre(id_of("migrated")));
}

TEST_F(Links, TheSettingDecides) {
  set("quemsi.onCommit", "off");
  user.commit("Off");
  EXPECT_THAT(links(), IsEmpty());
  set("quemsi.onCommit", "link");
  sqlite(db, "CREATE TABLE more(x);");
  user.commit("Link");
  EXPECT_EQ(snapshots(), 1U);
  EXPECT_THAT(links(), ElementsAre(id_of("latest")));
  set("quemsi.onCommit", "snapshot");
  user.commit("Snapshot");
  user.commit("And another");
  EXPECT_EQ(snapshots(), 3U);
  EXPECT_NE(links("HEAD"), links("HEAD~1"));
}

TEST_F(Links, SurviveAmendRebaseAndSquash) {
  user.git({"switch", "-q", "-c", "feature"});
  std::vector<std::string> made;
  for (const char* name : {"one", "two", "three"}) {
    user.quemsi({"snapshot", name});
    write_file(user.top() / name, name);
    user.commit(name);
    made.push_back(id_of(name));
  }
  user.git({"commit", "-q", "--amend", "-m", "three, amended"});
  EXPECT_THAT(links("HEAD"), ElementsAre(made[2]));
  shell("git switch -q main; git commit -q --allow-empty -m more; git switch -q feature");
  for (const char* backend : {"--merge", "--apply"}) {
    user.git({"rebase", "-q", backend, "--force-rebase", "main"});
    EXPECT_THAT(links("HEAD"), ElementsAre(made[2])) << backend;
    EXPECT_THAT(links("HEAD~1"), ElementsAre(made[1])) << backend;
    EXPECT_THAT(links("HEAD~2"), ElementsAre(made[0])) << backend;
  }
  shell("GIT_EDITOR=: GIT_SEQUENCE_EDITOR='sed -i 2,3s/pick/squash/' git rebase -q -i main 2>&1");
  std::sort(made.begin(), made.end());
  EXPECT_EQ(links("HEAD"), made);
  EXPECT_EQ(user.git({"rev-list", "--count", "main..HEAD"}), "1\n");
}

TEST_F(Links, SurviveWithoutAnyHelpOfGit) {
  user.git({"config", "--unset-all", "notes.rewriteRef"});
  user.quemsi({"snapshot", "one"});
  user.commit("one");
  const std::string one = id_of("one");
  user.quemsi({"snapshot", "two"});
  user.git({"commit", "-q", "--amend", "--allow-empty", "-m", "amended"});
  EXPECT_THAT(links(), testing::UnorderedElementsAre(one, id_of("two")));
  user.git({"switch", "-q", "-c", "side", "HEAD~1"});
  user.commit("other");
  user.git({"rebase", "-q", "side", "main"});
  EXPECT_THAT(links("main"), testing::UnorderedElementsAre(one, id_of("two")));
}

TEST_F(Links, APatchIsLinkedToWhatIsLive) {
  shell(
      "git switch -q -c other; echo x >x; git add x; git commit -qm x; "
      "git format-patch -q -1 -o \"$HOME/patches\"; git switch -q main");
  user.quemsi({"snapshot", "here"});
  // Within one second it would be the same commit again.
  shell("GIT_COMMITTER_NAME='Somebody Else' git am -q \"$HOME\"/patches/*");
  EXPECT_THAT(links(), ElementsAre(id_of("here")));
}

TEST_F(Links, AFastForwardKeepsTheLinkThatTheCommitWasMadeWith) {
  user.git({"switch", "-q", "-c", "feature"});
  user.quemsi({"snapshot", "of-feature"});
  user.commit("ahead");
  user.git({"switch", "-q", "main"});
  user.git({"merge", "-q", "feature"});
  EXPECT_THAT(links(), ElementsAre(id_of("of-feature")));
}

TEST_F(Links, ACommitAfterABranchChangedBehindOurBackIsOfThatBranch) {
  const std::string main = dump(db);
  const std::string feature = make_feature_branch();
  user.git({"symbolic-ref", "HEAD", "refs/heads/feature"});
  user.git({"reset", "-q"});
  user.git({"commit", "-q", "--allow-empty", "-m", "on feature"});
  EXPECT_EQ(dump(db), feature);
  EXPECT_EQ(branch_of("HEAD"), "feature");
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main);
}

TEST_F(Links, AnUnreachableDatabaseKeepsNoCommitFromBeingLinked) {
  write_file(db, "not a database at all, but long enough to be looked at");
  const CommandResult result = user.run({"git", "commit", "-q", "--allow-empty", "-m", "x"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(count(result.err, "\n"), 1U) << result;
  EXPECT_THAT(links(), SizeIs(1));
}

TEST_F(Links, AreInTheLogIfWanted) {
  EXPECT_THAT(user.git({"log", "-1"}), Not(HasSubstr("snapshot: ")));
  user.quemsi({"install", "--show-notes"});
  EXPECT_THAT(user.git({"log", "-1"}), HasSubstr("Notes (quemsi):\n    snapshot: "));
  user.quemsi({"uninstall"});
  EXPECT_EQ(user.run({"git", "config", "--get-regexp", "^notes"}).out, "");
}

TEST_F(Links, OfFortyWorktreesThatCommitAtOnceAreAllThere) {
  constexpr int many = 40;
  const auto tree = [&](int i) { return user.home() / ("tree " + std::to_string(i)); };
  set("quemsi.onCommit", "snapshot");
  for (int i = 0; i < many; ++i) {
    user.git({"worktree", "add", "-q", tree(i).string(), "-b", "b" + std::to_string(i)});
    sqlite(tree(i) / "app.db",
           "CREATE TABLE t(x); INSERT INTO t VALUES (" + std::to_string(i) + ")");
    ASSERT_EQ(user.run_in(tree(i), {"git", "quemsi", "install"}).exit_code, 0);
  }
  std::vector<std::thread> users;
  std::vector<CommandResult> results(many);
  for (int i = 0; i < many; ++i) {
    users.emplace_back([&, i] {
      results[static_cast<std::size_t>(i)] = user.run_in(
          tree(i), {"git", "commit", "-q", "--allow-empty", "-m", "At once " + std::to_string(i)});
    });
  }
  for (std::thread& each : users) each.join();
  for (int i = 0; i < many; ++i) {
    const std::string branch = "b" + std::to_string(i);
    EXPECT_EQ(results[static_cast<std::size_t>(i)].exit_code, 0);
    const std::vector<std::string> linked = links(branch);
    ASSERT_THAT(linked, SizeIs(1)) << branch << results[static_cast<std::size_t>(i)];
    EXPECT_EQ(user.json({"show", linked[0]}).at("branch"), branch);
  }
  EXPECT_EQ(snapshots(), static_cast<std::size_t>(many + 1));
}

}  // namespace
}  // namespace quemsi::test
