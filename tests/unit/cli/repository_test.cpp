// The verbs on a real repository: wiring, exit codes, questions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "unit/cli/cli_user.hpp"

namespace quemsi::test {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class InRepository : public testing::Test {
 protected:
  InRepository() { user_.set_up(); }

  Json json(const Words& words, int exit_code = 0) {
    const CommandResult result = user_.quemsi(words);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    return Json::parse(result.out);
  }

  CliUser user_;
};

TEST_F(InRepository, ASnapshotIsListedShownAndRestored) {
  const Json taken = json({"snapshot", "my seed", "--tag", "v1", "-m", "one row", "--json"});
  EXPECT_EQ(taken["tags"], Json::array({"my seed", "v1"}));
  EXPECT_EQ(json({"show", "my seed", "--json"})["id"], taken["id"]);
  EXPECT_EQ(json({"list", "--json", "-n", "1"})["snapshots"][0]["id"], taken["id"]);
  EXPECT_THAT(user_.quemsi({"list"}).out, HasSubstr("one row"));

  user_.add_row("second");
  const Json restored = json({"restore", "my seed", "--yes", "--json"});
  EXPECT_EQ(user_.rows(), "first");
  EXPECT_EQ(restored["snapshot"]["id"], taken["id"]);
  EXPECT_FALSE(restored["kept"].is_null());

  EXPECT_EQ(user_.quemsi({"undo", "--yes"}).exit_code, 0);
  EXPECT_EQ(user_.rows(), "first,second");
}

TEST_F(InRepository, WhatIsDestructiveIsRefusedWhenNobodyCanBeAsked) {
  ASSERT_EQ(user_.quemsi({"snapshot", "seed"}).exit_code, 0);
  user_.add_row("second");
  for (const Words& words :
       std::vector<Words>{{"restore", "seed"}, {"restore", "seed", "--json"}, {"delete", "seed"}}) {
    const CommandResult result = user_.quemsi(words);
    EXPECT_EQ(result.exit_code, 128);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr("hint: git quemsi " + words[0] + " --yes"));
  }
  EXPECT_EQ(user_.rows(), "first,second");
  EXPECT_EQ(user_.quemsi({"show", "seed"}).exit_code, 0);
}

TEST_F(InRepository, OnATerminalItSaysTheTargetAndAsks) {
  ASSERT_EQ(user_.quemsi({"snapshot", "seed"}).exit_code, 0);
  user_.add_row("second");
  const CommandResult no = user_.on_terminal({"restore", "seed"}, "n\n");
  EXPECT_EQ(no.exit_code, 1);
  EXPECT_THAT(no.out, HasSubstr("db/app.db"));
  EXPECT_THAT(no.out, HasSubstr("Nothing was changed."));
  EXPECT_EQ(user_.rows(), "first,second");
  const CommandResult yes = user_.on_terminal({"restore", "seed"}, "y\n");
  EXPECT_EQ(yes.exit_code, 0) << yes.out;
  EXPECT_EQ(user_.rows(), "first");
}

TEST_F(InRepository, CtrlCAtTheQuestionChangesNothing) {
  ASSERT_EQ(user_.quemsi({"snapshot", "seed"}).exit_code, 0);
  const CommandResult result = user_.on_terminal({"delete", "seed"}, "\x03");
  EXPECT_EQ(result.exit_code, 130) << result.out;
  EXPECT_EQ(user_.quemsi({"show", "seed"}).exit_code, 0);
}

TEST_F(InRepository, NothingToUndoIsANegativeAnswer) {
  EXPECT_EQ(user_.quemsi({"undo", "--yes"}).exit_code, 1);
  EXPECT_TRUE(json({"undo", "--yes", "--json"}, 1)["snapshot"].is_null());
}

TEST_F(InRepository, ADryRunChangesNothing) {
  ASSERT_EQ(user_.quemsi({"snapshot", "seed"}).exit_code, 0);
  user_.add_row("second");
  const Json plan = json({"restore", "seed", "--dry-run", "--json"});
  EXPECT_EQ(plan["databases"][0]["name"], "app");
  EXPECT_EQ(plan["databases"][0]["dirty"], true);
  EXPECT_EQ(user_.rows(), "first,second");
}

TEST_F(InRepository, ATemporaryDatabaseIsMadeListedAndDropped) {
  ASSERT_EQ(user_.quemsi({"snapshot", "seed"}).exit_code, 0);
  const Json made = json({"restore", "seed", "--temp", "--json"});
  EXPECT_EQ(json({"temp", "list", "--json"})["temporaries"][0]["id"], made["temporary"]);
  EXPECT_EQ(user_.quemsi({"temp", "drop", made["temporary"]}).exit_code, 0);
  EXPECT_EQ(json({"temp", "list", "--json"})["temporaries"], Json::array());
}

TEST_F(InRepository, AnExistingTargetIsReplacedOnlyWhenSaidTwice) {
  ASSERT_EQ(user_.quemsi({"snapshot", "seed"}).exit_code, 0);
  ASSERT_EQ(user_.quemsi({"restore", "seed", "--to", "copy.sqlite3"}).exit_code, 0);
  EXPECT_EQ(user_.quemsi({"restore", "seed", "--to", "copy.sqlite3"}).exit_code, 128);
  EXPECT_EQ(user_.quemsi({"restore", "seed", "--to", "copy.sqlite3", "--replace"}).exit_code, 128);
  EXPECT_EQ(
      user_.quemsi({"restore", "seed", "--to", "copy.sqlite3", "--replace", "--yes"}).exit_code, 0);
}

TEST_F(InRepository, TagDescribeAndDeleteDoWhatTheySay) {
  ASSERT_EQ(user_.quemsi({"snapshot", "seed"}).exit_code, 0);
  EXPECT_EQ(user_.quemsi({"tag", "seed", "release 1"}).exit_code, 0);
  EXPECT_EQ(user_.quemsi({"describe", "seed", "-m", ""}).exit_code, 0);
  EXPECT_EQ(json({"show", "release 1", "--json"})["description"], "");
  EXPECT_EQ(json({"delete", "seed", "--yes", "--json"})["snapshot"]["tags"].size(), 2U);
  EXPECT_EQ(user_.quemsi({"show", "seed"}).exit_code, 128);
}

TEST_F(InRepository, TheWordsOfQuemsiMeanTheSame) {
  ASSERT_EQ(user_
                .quemsi({"backup", "create", "--database", "app", "--tag", "nightly",
                         "--description", "by cron"})
                .exit_code,
            0);
  EXPECT_THAT(user_.quemsi({"backup", "list"}).out, HasSubstr("by cron"));
  user_.add_row("second");
  EXPECT_EQ(user_.quemsi({"backup", "restore", "nightly", "--yes"}).exit_code, 0);
  EXPECT_EQ(user_.rows(), "first");
  EXPECT_EQ(user_.quemsi({"backup", "delete", "nightly", "--yes"}).exit_code, 0);
}

TEST_F(InRepository, StatusSpeaksThreeLanguages) {
  EXPECT_THAT(user_.quemsi({"status"}).out, HasSubstr("On branch main\n"));
  EXPECT_THAT(user_.quemsi({"status", "--porcelain"}).out, HasSubstr("branch main\n"));
  EXPECT_EQ(json({"status", "--json"})["branch"], "main");
}

TEST_F(InRepository, ColoursAndHintsFollowGitsConfiguration) {
  user_.add_row("second");
  EXPECT_THAT(user_.quemsi({"status"}).out, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(user_.quemsi({"status"}).out, HasSubstr("(use "));
  user_.prepare("git config color.quemsi always");
  user_.prepare("git config advice.quemsiStatus false");
  EXPECT_THAT(user_.quemsi({"status"}).out, HasSubstr("\x1b["));
  EXPECT_THAT(user_.quemsi({"status"}).out, Not(HasSubstr("(use ")));
}

TEST_F(InRepository, LongOutputGoesThroughTheUsersPager) {
  user_.prepare("git config core.pager 'sed s/^/paged:/'");
  EXPECT_THAT(user_.on_terminal({"list"}, "").out, HasSubstr("paged:"));
  user_.prepare("git config pager.quemsi false");
  EXPECT_THAT(user_.on_terminal({"list"}, "").out, Not(HasSubstr("paged:")));
}

TEST_F(InRepository, FsckFindsDamage) {
  ASSERT_EQ(user_.quemsi({"snapshot", "seed"}).exit_code, 0);
  EXPECT_EQ(json({"fsck", "--json"})["ok"], true);
}

TEST_F(InRepository, DoctorFindsNothingWrongUntilAHookIsGone) {
  EXPECT_THAT(user_.quemsi({"doctor"}).out, HasSubstr("nothing is wrong"));
  EXPECT_EQ(json({"doctor", "--json"})["ok"], true);
  user_.prepare("rm .git/hooks/post-checkout");
  const auto result = user_.quemsi({"doctor"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("not installed: post-checkout"));
  EXPECT_THAT(result.out, HasSubstr("=> git quemsi install"));
}

TEST_F(InRepository, GcTellsWhatItWouldDoAndDoesIt) {
  ASSERT_EQ(user_.quemsi({"snapshot", "seed"}).exit_code, 0);
  EXPECT_EQ(json({"gc", "--dry-run", "--json"})["dry_run"], true);
  EXPECT_THAT(user_.quemsi({"gc", "--dry-run"}).out, HasSubstr("in the store\n"));
  EXPECT_EQ(json({"gc", "--json"})["complete"], true);
  EXPECT_EQ(json({"show", "seed", "--json"})["tags"], Json::array({"seed"}));
}

TEST_F(InRepository, ConfigShowsOrigins) {
  EXPECT_THAT(user_.quemsi({"config", "--show-origin"}).out, HasSubstr("file:.quemsi.yml:"));
  EXPECT_THAT(user_.quemsi({"--config", "warm=7", "config"}).out, HasSubstr("warm=7\n"));
  EXPECT_THAT(user_.quemsi({"config", "--config", "warm=7"}).out, HasSubstr("warm=7\n"));
}

class InAClone : public InRepository {
 protected:
  InAClone() {
    user_.prepare(
        "git quemsi fsck >fsck.txt && rm -rf .git/quemsi .git/hooks && "
        "printf 'databases:\n  app: sqlite:db/app.db\ntools:\n  pg_dump: sh ./evil.sh\n' "
        ">.quemsi.yml");
  }
};

TEST_F(InAClone, InitShowsWhatItWouldTrustAndGoesOnWithNobodysWord) {
  const CommandResult refused = user_.quemsi({"init"});
  EXPECT_EQ(refused.exit_code, 128);
  EXPECT_THAT(refused.err, HasSubstr("+ app = sqlite:db/app.db\n+ tool pg_dump = sh ./evil.sh\n"));
  EXPECT_THAT(refused.err, HasSubstr("hint: git quemsi init --yes"));
  EXPECT_THAT(user_.bash("ls .git/quemsi .git/hooks").out, "");
}

TEST_F(InAClone, InitAsksOnATerminal) {
  const CommandResult denied = user_.on_terminal({"init"}, "n\n");
  EXPECT_EQ(denied.exit_code, 1);
  EXPECT_THAT(denied.out, HasSubstr("+ tool pg_dump = sh ./evil.sh"));
  EXPECT_EQ(user_.on_terminal({"init"}, "y\n").exit_code, 0);
  // It is trusted now: nothing to show, and nobody to be asked.
  const CommandResult again = user_.quemsi({"init"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, Not(HasSubstr("evil")));
}

TEST_F(InAClone, InitTakesYesForAnAnswer) {
  const CommandResult accepted = user_.quemsi({"init", "--yes"});
  EXPECT_EQ(accepted.exit_code, 0) << accepted.err;
  EXPECT_THAT(accepted.err, HasSubstr("+ tool pg_dump = sh ./evil.sh"));
}

TEST_F(InRepository, AChangedConfigurationWantsTrust) {
  user_.prepare("sed -i s/app.db/other.db/ .quemsi.yml");
  EXPECT_EQ(user_.quemsi({"snapshot", "x"}).exit_code, 128);
  EXPECT_THAT(user_.quemsi({"trust"}).err, HasSubstr("+ "));
}

}  // namespace
}  // namespace quemsi::test
