#include "cli/output/gc_text.hpp"

#include <gtest/gtest.h>

#include "unit/cli/sample.hpp"
#include "util/clock.hpp"

namespace quemsi::cli {
namespace {

GcReport sample_report() {
  Snapshot snapshot = test::sample_snapshot();
  snapshot.kind = SnapshotKind::checkpoint;
  GcReport report{.snapshots = {snapshot},
                  .branches = {{BranchKey("k"), "side", SnapshotId("zzzz")}}};
  report.worktrees = {{.worktree = WorktreeId("w"),
                       .databases = {{"app", "sqlite:/w/app.db", Fate::gone, "", false},
                                     {"log", "postgresql://h/w", Fate::dropped, "", false},
                                     {"old", "mysql://h/w", Fate::left, "in use", true}},
                       .kept = snapshot}};
  report.freed_bytes = 3 << 20;
  return report;
}

TEST(GcText, SaysWhatWentAndHowMuchThatFreed) {
  EXPECT_EQ(gc_text(sample_report(), false, test::sample_time + std::chrono::hours(72)),
            "removed checkpoint klmnopqr (baseline) of main, 3 days ago\n"
            "branch side was deleted: its state is kept no longer\n"
            "worktree w was removed\n"
            "  database app: sqlite:/w/app.db is gone\n"
            "  database log: postgresql://h/w was dropped\n"
            "  database old: mysql://h/w stays for now: in use\n"
            "  what it held is snapshot klmnopqr (baseline)\n"
            "3.0 MiB freed in the store\n");
}

TEST(GcText, ADryRunOnlySaysWhatWould) {
  GcReport report{.snapshots = {test::sample_snapshot()}};
  const std::string text = gc_text(report, true, test::sample_time);
  EXPECT_TRUE(text.starts_with("would remove manual")) << text;
  EXPECT_TRUE(text.ends_with("nothing to free in the store\n")) << text;
}

TEST(GcText, SaysUntilWhenWhatIsGoneStays) {
  const GcReport report{
      .waiting = {{GoneKind::branch, "side", test::sample_time},
                  {GoneKind::worktree, "w", test::sample_time + std::chrono::hours(24)}}};
  EXPECT_EQ(gc_text(report, false, test::sample_time),
            "deleted branch side: what it had stays until " + format_iso(test::sample_time) + "\n" +
                "removed worktree w: what it had stays until " +
                format_iso(test::sample_time + std::chrono::hours(24)) + "\n" +
                "nothing to free in the store\n");
}

TEST(GcText, SaysWhatKeepsSnapshotsFromBeingRemoved) {
  const GcReport report{.unfinished = {{WorktreeId("w"), "switch", true, "server is down"},
                                       {WorktreeId("v"), "undo", true, ""},
                                       {WorktreeId("u"), "command", false, ""}}};
  EXPECT_EQ(gc_text(report, true, test::sample_time),
            "unfinished switch in the removed worktree w: it cannot be finished now: server is "
            "down\n"
            "unfinished undo in the removed worktree v: git quemsi gc finishes it, or takes it "
            "back\n"
            "unfinished command in the worktree u: the next git-quemsi command there finishes "
            "it, or takes it back\n"
            "until then no snapshot is removed\n"
            "nothing to free in the store\n");
}

TEST(GcText, SaysThatThereIsMoreToDo) {
  EXPECT_NE(gc_text({.complete = false}, false, {}).find("hint: the store is in use"),
            std::string::npos);
}

}  // namespace
}  // namespace quemsi::cli
