#include "cli/output/restore_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/output/fsck_text.hpp"
#include "unit/cli/sample.hpp"

namespace quemsi::cli {
namespace {

using test::sample_snapshot;
using test::sample_step;
using testing::HasSubstr;

RestorePlan plan_of(const RestoreStep& step) {
  return {.snapshot = sample_snapshot(), .match = {.snapshot = sample_snapshot()}, .steps = {step}};
}

TEST(RestoreText, SaysTheTargetsFirstThenHowToTakeItBack) {
  EXPECT_EQ(plan_text(plan_of(sample_step())),
            "Restore snapshot klmnopqr (baseline) over\n"
            "  app  sqlite:db/app.sqlite3  ready, swapped in  12.0 MiB  has changes\n"
            "What is there now is kept as a snapshot first; `git quemsi undo` takes this back.\n");
}

TEST(RestoreText, ADatabaseThatStaysCostsNothing) {
  RestoreStep step = sample_step();
  step.means = Means::keep;
  step.dirty = false;
  EXPECT_THAT(plan_text(plan_of(step)), HasSubstr("  app  sqlite:db/app.sqlite3  as it is\n"));
}

TEST(RestoreText, SaysThroughWhichCommitItWasFound) {
  RestorePlan plan = plan_of(sample_step());
  plan.match.by = FoundBy::note;
  plan.match.commit = CommitId("0123456789012345678901234567890123456789");
  plan.match.steps = 2;
  EXPECT_THAT(plan_text(plan), testing::AllOf(HasSubstr("0123456"), HasSubstr("note")));
}

TEST(RestoreText, UndoSaysWhatItTakesBack) {
  EXPECT_THAT(
      undo_plan_text({"switch from main to hotfix", sample_snapshot(), {sample_step()}}),
      HasSubstr("Take back the switch from main to hotfix: to snapshot klmnopqr (baseline)"));
}

TEST(RestoreText, DeletionSaysThatItIsForGood) {
  EXPECT_THAT(delete_plan_text({sample_snapshot(), {}}, test::sample_time),
              HasSubstr("cannot be brought back"));
}

TEST(RestoreText, DeletionNamesTheBranchesThatLoseTheirState) {
  EXPECT_THAT(delete_plan_text({sample_snapshot(), {"hotfix"}}, test::sample_time),
              HasSubstr("on branch hotfix, which loses it"));
}

TEST(RestoreText, TheResultNamesWhatWasKept) {
  Snapshot kept = sample_snapshot();
  kept.id = SnapshotId("zzzzzzzzzzzzzzzz");
  kept.tags.clear();
  EXPECT_THAT(result_text({.snapshot = sample_snapshot(), .kept = kept, .steps = {sample_step()}}),
              HasSubstr("kept as snapshot zzzzzzzz\n"));
}

TEST(RestoreText, ATemporaryDatabaseComesWithItsEnd) {
  const ElsewhereResult result{sample_snapshot(), "app", "sqlite:/tmp/x", ImageId("kkkkkkkkzzzz")};
  EXPECT_THAT(elsewhere_text(result), HasSubstr("git quemsi temp drop kkkkkkkk\n"));
}

TEST(FsckText, TellsDamageFromRepair) {
  FsckReport report{.snapshots = 3, .packs = 2, .findings = {}};
  EXPECT_EQ(fsck_text(report, false), "checked 3 snapshots and 2 packs: no damage\n");
  report.findings = {{"pack x is short", false, {SnapshotId("klmnopqrstuv")}}};
  EXPECT_EQ(fsck_text(report, false),
            "damaged: pack x is short\n"
            "  snapshot klmnopqr cannot be restored\n"
            "checked 3 snapshots and 2 packs: see above\n"
            "hint: git quemsi fsck --repair rebuilds what the packs still hold\n");
}

}  // namespace
}  // namespace quemsi::cli
