// Each verb: what it does, what it says, how it exits, what scripts may rely on.
#include "e2e/fixture.hpp"
#include "util/text.hpp"

namespace quemsi::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

class Verbs : public EndToEnd {
 protected:
  void SetUp() override { set_up_shop(); }

  Json snapshot(const std::string& tag) { return user.json({"snapshot", tag}); }

  /// Fails with this exit code; stderr begins with "error:".
  std::string error_of(Words arguments, int exit_code = 128) {
    const CommandResult result = user.try_quemsi(std::move(arguments));
    EXPECT_EQ(result.exit_code, exit_code) << result;
    EXPECT_TRUE(result.err.starts_with("error: ")) << result;
    EXPECT_THAT(result.out, IsEmpty());
    return result.err;
  }
};

TEST_F(Verbs, SnapshotPrintsWhatListShows) {
  const Json made = user.json({"snapshot", "first", "-m", "the text", "--tag", "second"});
  EXPECT_THAT(keys_of(made), IsSupersetOf({"id", "tags", "description", "kind", "branch", "commit",
                                           "parent", "created_at", "databases"}));
  EXPECT_THAT(std::string(made.at("id")), MatchesRegex("[k-z]{16}"));
  EXPECT_EQ(made.at("tags"), Json({"first", "second"}));
  EXPECT_EQ(made.at("description"), "the text");
  EXPECT_EQ(made.at("kind"), "manual");
  EXPECT_EQ(made.at("branch"), "main");
  EXPECT_EQ(std::string(made.at("commit")) + "\n", user.git({"rev-parse", "HEAD"}));
  const Json database = made.at("databases").at(0);
  EXPECT_EQ(database.at("name"), "app");
  EXPECT_EQ(database.at("engine"), "sqlite");
  EXPECT_EQ(database.at("bytes"), std::filesystem::file_size(db));
  EXPECT_TRUE(database.at("sealed"));
  const Json listed = user.json({"list", "-n", "1"}).at("snapshots").at(0);
  EXPECT_EQ(listed.at("id"), made.at("id"));
  EXPECT_EQ(listed.at("tags"), made.at("tags"));
}

TEST_F(Verbs, SnapshotWithoutATagMakesUpAName) {
  EXPECT_THAT(user.json({"snapshot"}).at("tags"), SizeIs(1));
}

TEST_F(Verbs, SnapshotOfTheSchemaHoldsNoRows) {
  user.quemsi({"snapshot", "empty", "--schema-only"});
  user.quemsi({"restore", "empty", "--to", "empty.db"});
  EXPECT_EQ(sqlite(user.top() / "empty.db", "SELECT count(*) FROM users;"), "0\n");
  EXPECT_EQ(sqlite(user.top() / "empty.db", "SELECT sql FROM sqlite_schema ORDER BY name;"),
            sqlite(db, "SELECT sql FROM sqlite_schema ORDER BY name;"));
}

TEST_F(Verbs, SnapshotInTheBackgroundIsDoneWhenStatusSaysSo) {
  const std::string before = dump(db);
  user.quemsi({"snapshot", "quick", "--background"});
  sqlite(db, "DELETE FROM users;");
  user.settle();
  EXPECT_TRUE(user.json({"show", "quick"}).at("databases").at(0).at("sealed"));
  user.quemsi({"restore", "quick", "--to", "copy.db"});
  EXPECT_EQ(dump(user.top() / "copy.db"), before);
}

TEST_F(Verbs, SnapshotRefusesATagThatIsTaken) {
  snapshot("one");
  EXPECT_THAT(error_of({"snapshot", "one"}), HasSubstr("one"));
  EXPECT_THAT(user.json({"list"}).at("snapshots"), SizeIs(2));  // init's, and the first
}

TEST_F(Verbs, SnapshotRefusesAnUnknownDatabaseAndNamesTheKnown) {
  EXPECT_THAT(error_of({"snapshot", "--database", "ap"}),
              AllOf(HasSubstr("'ap'"), HasSubstr("app")));
}

TEST_F(Verbs, RestoreBringsBackAndKeepsWhatWasThere) {
  const std::string first = dump(db);
  snapshot("first");
  sqlite(db, "DROP VIEW spenders; DELETE FROM orders;");
  const std::string second = dump(db);
  const Json result = user.json({"restore", "first", "--yes"});
  EXPECT_EQ(dump(db), first);
  EXPECT_THAT(keys_of(result), IsSupersetOf({"snapshot", "kept", "databases"}));
  EXPECT_EQ(result.at("kept").at("kind"), "safety");
  user.quemsi({"restore", "--to", "kept.db", std::string(result.at("kept").at("id"))});
  EXPECT_EQ(dump(user.top() / "kept.db"), second);
}

TEST_F(Verbs, RestoreTakesATagAnIdAPrefixABranchACommitAndLatest) {
  const Json made = snapshot("first");
  const std::string id = made.at("id");
  for (const std::string& name :
       {std::string("first"), id, id.substr(0, 10), std::string("main"), std::string("latest")}) {
    EXPECT_EQ(user.json({"restore", name, "--dry-run"}).at("snapshot").at("id"), id) << name;
  }
  const Json by_commit = user.json({"restore", "HEAD", "--dry-run"});
  EXPECT_EQ(by_commit.at("found").at("by"), "note");
  EXPECT_EQ(by_commit.at("found").at("commit"), std::string(trim(user.git({"rev-parse", "HEAD"}))));
}

TEST_F(Verbs, RestoreWithoutAYesAsksNobodyAndChangesNothing) {
  snapshot("first");
  sqlite(db, "DELETE FROM orders;");
  const FileId before = FileId::of(db);
  const CommandResult refused = user.try_quemsi({"restore", "first"});
  EXPECT_EQ(refused.exit_code, 128) << refused;
  EXPECT_THAT(refused.err, HasSubstr("git quemsi restore --yes first"));
  EXPECT_EQ(FileId::of(db), before);
}

TEST_F(Verbs, RestoreDryRunChangesNothing) {
  snapshot("first");
  sqlite(db, "DELETE FROM orders;");
  const FileId before = FileId::of(db);
  const Json plan = user.json({"restore", "first", "--dry-run"});
  EXPECT_EQ(plan.at("databases").at(0).at("dirty"), true);
  EXPECT_EQ(FileId::of(db), before);
  EXPECT_THAT(user.json({"list", "--kind", "safety"}).at("snapshots"), IsEmpty());
}

TEST_F(Verbs, RestoreOfTheSchemaEmptiesTheTables) {
  snapshot("first");
  user.quemsi({"restore", "first", "--schema-only", "--yes"});
  EXPECT_EQ(sqlite(db, "SELECT count(*) FROM users;"), "0\n");
  user.quemsi({"undo", "--yes"});
  EXPECT_EQ(sqlite(db, "SELECT count(*) FROM users;"), "3\n");
}

TEST_F(Verbs, RestoreToAnExistingFileNeedsReplace) {
  snapshot("first");
  const auto target = user.top() / "other.db";
  sqlite(target, "CREATE TABLE mine(x);");
  const std::string before = dump(target);
  EXPECT_THAT(error_of({"restore", "first", "--to", "other.db"}), HasSubstr("--replace"));
  EXPECT_EQ(dump(target), before);
  user.quemsi({"restore", "first", "--to", "other.db", "--replace", "--yes"});
  EXPECT_EQ(dump(target), dump(db));
}

TEST_F(Verbs, RestoreToTheLiveDatabaseIsRefused) {
  snapshot("first");
  error_of({"restore", "first", "--to", "app.db", "--replace", "--yes"});
}

TEST_F(Verbs, RestoreToStartsFromWhereTheUserIsAndLeavesTheFolderAsItWas) {
  const auto folder = user.top() / "sub folder";
  const std::vector<std::filesystem::path> theirs{folder / "tmp_precious" / "data",
                                                  folder / "quemsi_notes" / "data",
                                                  folder / "tmp.db-journal" / "data"};
  for (const auto& file : theirs) write_file(file, "mine\n");
  snapshot("first");
  const CommandResult result =
      user.run_in(folder, {"git", "quemsi", "restore", "first", "--to", "here.db"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(dump(folder / "here.db"), dump(db));
  for (const auto& file : theirs) EXPECT_EQ(read_file(file), "mine\n");
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names,
              UnorderedElementsAre("here.db", "tmp_precious", "quemsi_notes", "tmp.db-journal"));
}

TEST_F(Verbs, TemporaryDatabasesAreListedAndDropped) {
  snapshot("first");
  const Json made = user.json({"restore", "first", "--temp"});
  const std::filesystem::path file = path_of_url(made.at("url"));
  EXPECT_EQ(dump(file), dump(db));
  const Json listed = user.json({"temp", "list"}).at("temporaries");
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed.at(0).at("url"), made.at("url"));
  EXPECT_THAT(user.quemsi({"temp", "list"}), HasSubstr(file.string()));
  user.quemsi({"temp", "drop", std::string(made.at("temporary"))});
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_THAT(user.json({"temp", "list"}).at("temporaries"), IsEmpty());
  EXPECT_THAT(error_of({"temp", "drop", "klmn"}), HasSubstr("git quemsi temp list"));
}

TEST_F(Verbs, UndoWithNothingToTakeBackIsANegativeAnswer) {
  const CommandResult result = user.try_quemsi({"undo", "--yes"});
  EXPECT_EQ(result.exit_code, 1) << result;
}

TEST_F(Verbs, UndoNeverLosesWhatWasWrittenSince) {
  snapshot("first");
  sqlite(db, "DELETE FROM orders;");
  const std::string second = dump(db);
  user.quemsi({"restore", "--yes", "first"});
  sqlite(db, "INSERT INTO orders VALUES (50, 1, 'after the restore');");
  const std::string third = dump(db);
  user.quemsi({"undo", "--yes"});
  EXPECT_EQ(dump(db), second);
  user.quemsi({"undo", "--yes"});
  EXPECT_EQ(dump(db), third);
}

TEST_F(Verbs, StatusTellsWhatScriptsRelyOn) {
  const Json made = snapshot("first");
  user.settle();
  Json status = user.json({"status"});
  EXPECT_EQ(status.at("branch"), "main");
  EXPECT_EQ(status.at("base"), made.at("id"));
  EXPECT_EQ(status.at("dirty"), false);
  EXPECT_EQ(status.at("background"), Json::array());
  EXPECT_EQ(status.at("warnings"), Json::array());
  const Json database = status.at("databases").at(0);
  EXPECT_EQ(database.at("name"), "app");
  EXPECT_EQ(database.at("engine"), "sqlite");
  EXPECT_EQ(database.at("reachable"), true);
  sqlite(db, "DELETE FROM orders;");
  status = user.json({"status"});
  EXPECT_EQ(status.at("dirty"), true);
  EXPECT_EQ(status.at("databases").at(0).at("dirty"), true);
  EXPECT_THAT(user.quemsi({"status", "--porcelain"}),
              AllOf(HasSubstr("branch main\n"), HasSubstr("dirty yes\n")));
  EXPECT_THAT(user.quemsi({"status"}), HasSubstr("On branch main"));
}

TEST_F(Verbs, ListFiltersByBranchKindAndNumber) {
  snapshot("on-main");
  user.git({"switch", "-q", "-c", "side"});
  snapshot("on-side");
  sqlite(db, "DELETE FROM orders;");
  user.git({"switch", "-q", "main"});
  const auto tags = [&](Words filter) {
    filter.insert(filter.begin(), "list");
    std::vector<std::string> found;
    const Json listed = user.json(std::move(filter));
    for (const Json& item : listed.at("snapshots")) {
      for (const Json& tag : item.at("tags")) found.push_back(tag);
    }
    return found;
  };
  EXPECT_THAT(tags({"--branch", "side"}), UnorderedElementsAre("on-side"));
  EXPECT_THAT(tags({"--kind", "manual", "-n", "1"}), UnorderedElementsAre("on-side"));
  EXPECT_THAT(user.json({"list", "--kind", "checkpoint"}).at("snapshots"), SizeIs(1));
  EXPECT_THAT(user.quemsi({"list"}), AllOf(HasSubstr("on-main"), HasSubstr("on-side")));
  EXPECT_EQ(user.try_quemsi({"list", "--kind", "nonsense"}).exit_code, 129);
}

TEST_F(Verbs, TagAndDescribeChangeWhatAreLabelsOnly) {
  const Json made = snapshot("first");
  user.quemsi({"tag", "first", "again"});
  user.quemsi({"describe", "again", "-m", "Zeile eins\nZeile zwei ✓"});
  const Json shown = user.json({"show", "again"});
  EXPECT_EQ(shown.at("id"), made.at("id"));
  EXPECT_EQ(shown.at("tags"), Json({"again", "first"}));
  EXPECT_EQ(shown.at("description"), "Zeile eins\nZeile zwei ✓");
  EXPECT_THAT(user.quemsi({"show", "first"}), AllOf(HasSubstr("again"), HasSubstr("Zeile zwei ✓")));
  user.quemsi({"tag", "first", "again"});
  snapshot("other");
  EXPECT_THAT(error_of({"tag", "other", "again"}), HasSubstr("again"));
}

TEST_F(Verbs, DeleteFreesTheSpaceAndNothingElse) {
  sqlite(db, "INSERT INTO users(name, photo) VALUES ('big', randomblob(300000));");
  snapshot("big");
  user.settle();
  sqlite(db, "DELETE FROM users WHERE name = 'big'; VACUUM;");
  const std::string before = dump(db);
  snapshot("small");
  user.settle();
  const Json deleted = user.json({"delete", "big", "--yes"});
  EXPECT_GT(deleted.at("freed_bytes"), 250'000);
  EXPECT_THAT(error_of({"show", "big"}), HasSubstr("big"));
  user.settle();
  user.quemsi({"fsck"});
  user.quemsi({"restore", "small", "--to", "copy.db"});
  EXPECT_EQ(dump(user.top() / "copy.db"), before);
}

TEST_F(Verbs, DeleteSaysWhichBranchLosesItsState) {
  make_feature_branch();
  const std::string tip = user.json({"list", "--branch", "feature"}).at("snapshots")[0].at("id");
  const CommandResult asked = user.try_quemsi({"delete", tip});
  EXPECT_EQ(asked.exit_code, 128);
  EXPECT_THAT(asked.err, HasSubstr("on branch feature, which loses it"));
  user.git({"switch", "-q", "feature"});
  EXPECT_THAT(user.try_quemsi({"delete", tip}).err, Not(HasSubstr("loses it")));
}

TEST_F(Verbs, DeleteOfTheBaseLeavesTheLiveDatabaseAlone) {
  snapshot("base");
  const FileId before = FileId::of(db);
  user.quemsi({"delete", "--yes", "base"});
  EXPECT_EQ(FileId::of(db), before);
  user.settle();
  user.quemsi({"fsck"});
}

TEST_F(Verbs, BackupNamesAreTheSameVerbs) {
  const std::string before = dump(db);
  user.quemsi(
      {"backup", "create", "--database", "app", "--tag", "nightly", "--description", "by cron"});
  EXPECT_THAT(user.quemsi({"backup", "list"}), AllOf(HasSubstr("nightly"), HasSubstr("by cron")));
  sqlite(db, "DELETE FROM users;");
  user.quemsi({"backup", "restore", "nightly", "--yes"});
  EXPECT_EQ(dump(db), before);
  user.quemsi({"backup", "delete", "nightly", "--yes"});
  EXPECT_THAT(user.quemsi({"backup", "list"}), testing::Not(HasSubstr("nightly")));
}

TEST_F(Verbs, ConfigShowsEachValueWithItsOrigin) {
  user.git({"config", "quemsi.warm", "5"});
  user.set("QUEMSI_BUSY_TIMEOUT", "7s");
  EXPECT_THAT(user.quemsi({"config", "--show-origin"}),
              AllOf(HasSubstr("warm=5"), HasSubstr(".quemsi.yml"), HasSubstr("busy_timeout=7s")));
  EXPECT_THAT(user.quemsi({"--config", "warm=9", "config"}), HasSubstr("warm=9"));
  EXPECT_FALSE(user.json({"config"}).at("settings").empty());
}

TEST_F(Verbs, InspectExplainsAPack) {
  snapshot("first");
  user.settle();
  for (const auto& entry : std::filesystem::directory_iterator(user.state_dir() / "packs")) {
    if (!entry.is_regular_file() || entry.file_size() == 0) continue;
    EXPECT_THAT(user.quemsi({"inspect", entry.path().string()}), testing::Not(IsEmpty()));
  }
  error_of({"inspect", (user.top() / ".gitignore").string()});
}

TEST_F(Verbs, FsckFindsNothingWrongWithASoundStore) {
  snapshot("first");
  user.settle();
  const Json report = user.json({"fsck"});
  EXPECT_EQ(report.at("ok"), true);
  EXPECT_EQ(report.at("findings"), Json::array());
  EXPECT_EQ(report.at("snapshots"), 2);
}

TEST_F(Verbs, UninstallPutsEverythingBackAndKeepsTheSnapshots) {
  snapshot("first");
  user.quemsi({"uninstall"});
  EXPECT_FALSE(std::filesystem::exists(user.top() / ".git" / "hooks" / "post-checkout"));
  const FileId before = FileId::of(db);
  sqlite(db, "DELETE FROM orders;");
  const std::string changed = dump(db);
  user.git({"switch", "-q", "-c", "side"});
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), changed);
  EXPECT_EQ(FileId::of(db).inode, before.inode);
  EXPECT_THAT(user.quemsi({"list"}), HasSubstr("first"));
  user.quemsi({"install"});
  EXPECT_EQ(user.json({"status"}).at("hooks_installed"), true);
}

TEST_F(Verbs, TheQuemsiLinkIsTheSameProgram) {
  EXPECT_EQ(user.ok({"quemsi", "version"}), user.quemsi({"version"}));
  EXPECT_EQ(user.ok({"quemsi", "list"}), user.quemsi({"list"}));
}

TEST_F(Verbs, AWrongOptionIsAUsageErrorWithAHint) {
  const CommandResult result = user.try_quemsi({"snapshot", "--nonsense"});
  EXPECT_EQ(result.exit_code, 129) << result;
  EXPECT_THAT(result.err, AllOf(HasSubstr("--nonsense"), HasSubstr("usage:")));
  EXPECT_EQ(user.try_quemsi({"nonsense"}).exit_code, 129);
  EXPECT_EQ(user.try_quemsi({}).exit_code, 129);
}

TEST(Chaining, AForeignHookIsRefusedThenChainedThenPutBack) {
  Sandbox user({.bin_dir = QUEMSI_BIN_DIR});
  sqlite(user.top() / "app.db", shop_schema);
  const auto hook = user.top() / ".git" / "hooks" / "post-checkout";
  const std::string text = "#!/bin/sh\necho foreign >> \"$(git rev-parse --git-dir)/seen\"\n";
  write_file(hook, text);
  std::filesystem::permissions(hook, std::filesystem::perms(0755));
  const CommandResult refused = user.try_quemsi({"init", "--yes"});
  EXPECT_EQ(refused.exit_code, 128) << refused;
  EXPECT_THAT(refused.err, HasSubstr("--chain"));
  EXPECT_EQ(read_file(hook), text);
  user.quemsi({"init", "--yes", "--chain"});
  user.git({"switch", "-q", "-c", "side"});
  EXPECT_EQ(read_file(user.top() / ".git" / "seen"), "foreign\n");
  user.quemsi({"uninstall"});
  EXPECT_EQ(read_file(hook), text);
}

}  // namespace
}  // namespace quemsi::test
