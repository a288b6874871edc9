#include <gmock/gmock.h>

#include "fixture.hpp"
#include "util/clock.hpp"
#include "workflow/collect.hpp"
#include "workflow/gc.hpp"

namespace quemsi {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class GcTest : public WorkflowTest {
 protected:
  void SetUp() override { set_retention("last: 1\n  daily: 0\n  weekly: 0\n  grace: 0"); }

  /// As a checkout brings it along: nobody has accepted it.
  void bring_retention(const std::string& keys) {
    write_config("version: 1\nretention:\n  " + keys +
                 "\ndatabases:\n  one: sqlite:one.db\n  two: sqlite:two.db\n");
  }
  void set_retention(const std::string& keys) {
    bring_retention(keys);
    adopt_worktree(project());
  }
  void make_due() {
    std::filesystem::last_write_time(
        project().state_dir() / "last-gc",
        std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
  }
  /// As much later as `days`; a command that starts then.
  void wait_for_days(int days) {
    later_ += std::chrono::days(days);
    end_command();
  }
  ProjectOptions options() override {
    ProjectOptions options = WorkflowTest::options();
    options.clock = [this] { return system_now() + later_; };
    return options;
  }
  /// Leaves a checkpoint behind each time.
  void switch_there_and_back(const std::string& branch) {
    sql("one", "INSERT INTO t VALUES (randomblob(50000))");
    git({"switch", "-q", branch});
    follow();
    sql("one", "INSERT INTO t VALUES (randomblob(50000))");
    git({"switch", "-q", "main"});
    follow();
    sandbox().settle();
  }
  void make_branch(const std::string& name) {
    git({"switch", "-q", "-c", name});
    follow();
    git({"switch", "-q", "main"});
    follow();
  }
  GcReport collect() {
    GcReport report = gc(project(), no_progress());
    sandbox().settle();
    end_command();
    return report;
  }
  std::vector<std::string> ids() {
    std::vector<std::string> ids;
    for (const Snapshot& snapshot : project().catalogue().snapshots()) {
      ids.push_back(snapshot.id.str());
    }
    return ids;
  }
  /// As far as a collection comes that is killed; the next worker indexes what it finds.
  std::string merge_without_replacing() {
    LiveChunks live;
    live.update(project());
    std::vector<std::string> names;
    for (const PackInfo& pack : project().catalogue().packs()) names.push_back(pack.name);
    const auto merged = project()
                            .store()
                            .hold_packs_alone(std::chrono::seconds(1))
                            ->merge(names, [&](const ChunkId& id) { return live.contains(id); });
    project().catalogue().add_pack(merged->info, merged->entries);
    end_command();
    return merged->info.name;
  }
  void expect_sound() { EXPECT_THAT(fsck(project(), false, no_progress()).findings, IsEmpty()); }

 private:
  std::chrono::milliseconds later_{0};
};

TEST_F(GcTest, RemovesOldCheckpointsAndFreesTheirSpace) {
  take("mine");
  make_branch("side");
  for (int i = 0; i < 4; ++i) switch_there_and_back("side");
  wait_for_days(2);
  const std::size_t before = ids().size();
  const GcReport plan = plan_gc(project());
  const GcReport done = collect();
  EXPECT_THAT(done.snapshots, Not(IsEmpty()));
  EXPECT_EQ(plan.snapshots.size(), done.snapshots.size());
  EXPECT_EQ(ids().size(), before - done.snapshots.size());
  EXPECT_GT(done.freed_bytes, 100'000U);
  EXPECT_GT(plan.freed_bytes, 100'000U);
  expect_sound();
  EXPECT_THAT(collect().snapshots, IsEmpty());
}

TEST_F(GcTest, EverythingThatIsLeftComesBack) {
  const Snapshot mine = take("mine");
  make_branch("side");
  for (int i = 0; i < 3; ++i) switch_there_and_back("side");
  const std::string live = rows("one");
  wait_for_days(2);
  collect();
  git({"switch", "-q", "side"});
  EXPECT_EQ(follow().what, Followed::switched);
  EXPECT_NE(rows("one"), live);
  git({"switch", "-q", "main"});
  follow();
  EXPECT_EQ(rows("one"), live);
  restore_snapshot(project(), {.snapshot = mine.id.str()}, no_progress());
  EXPECT_EQ(rows("one"), "main");
  sandbox().settle();
  expect_sound();
}

TEST_F(GcTest, KeepsWhatUndoBringsBackAndWhatCommitsAreLinkedTo) {
  take("mine");
  sql("one", "INSERT INTO t VALUES ('linked')");
  SnapshotRequest request{.tags = {}, .kind = SnapshotKind::checkpoint};
  const Snapshot linked = take_snapshot(project(), request, no_progress());
  project().repository().add_notes(
      {{project().repository().resolve_commit("HEAD").value(), {"snapshot: " + linked.id.str()}}});
  for (int i = 0; i < 3; ++i) {
    sql("one", "INSERT INTO t VALUES ('work')");
    restore_snapshot(project(), {.snapshot = "mine"}, no_progress());
  }
  const SnapshotId undone = plan_undo(project())->target.id;
  sandbox().settle();
  wait_for_days(2);
  collect();
  EXPECT_THAT(ids(), Contains(linked.id.str()));
  EXPECT_THAT(ids(), Contains(undone.str()));
}

TEST_F(GcTest, ADeletedBranchIsKeptAsLongAsTheGraceLasts) {
  set_retention("last: 1\n  daily: 0\n  weekly: 0\n  grace: 3");
  make_branch("side");
  switch_there_and_back("side");
  switch_there_and_back("side");
  EXPECT_THAT(plan_gc(project()).waiting, IsEmpty());
  git({"branch", "-q", "-D", "side"});
  end_command();
  EXPECT_THAT(plan_gc(project()).waiting, SizeIs(1)) << "nobody has noted it down yet";
  const GcReport first = collect();
  EXPECT_THAT(first.branches, IsEmpty());
  ASSERT_THAT(first.waiting, SizeIs(1));
  EXPECT_EQ(first.waiting[0].kind, GoneKind::branch);
  EXPECT_EQ(first.waiting[0].name, "side");
  EXPECT_GT(first.waiting[0].until, project().now() + std::chrono::days(2));
  wait_for_days(2);
  const GcReport second = collect();
  EXPECT_THAT(second.branches, IsEmpty());
  ASSERT_THAT(second.waiting, SizeIs(1));
  EXPECT_EQ(second.waiting[0].until, first.waiting[0].until);
  wait_for_days(2);
  const GcReport done = collect();
  EXPECT_THAT(done.waiting, IsEmpty());
  ASSERT_THAT(done.branches, SizeIs(1));
  EXPECT_EQ(done.branches[0].branch, "side");
}

TEST_F(GcTest, ABranchThatIsThereIsNeverGone) {
  make_branch("side");
  switch_there_and_back("side");
  wait_for_days(100);
  EXPECT_THAT(collect().branches, IsEmpty());
  EXPECT_THAT(project().catalogue().gone(GoneKind::branch), IsEmpty());
}

TEST_F(GcTest, KeepsEverySnapshotForACommandThatIsNotFinished) {
  make_branch("side");
  for (int i = 0; i < 3; ++i) switch_there_and_back("side");
  wait_for_days(2);
  const std::string other = (sandbox().top().parent_path() / "other").string();
  git({"worktree", "add", "-q", "-b", "other", other});
  project().catalogue().write_journal(
      {.worktree = WorktreeId("other"), .kind = "copies", .payload = "[]", .started_at = {}});
  const GcReport plan = plan_gc(project());
  EXPECT_THAT(plan.snapshots, IsEmpty());
  const GcReport report = collect();
  EXPECT_THAT(report.snapshots, IsEmpty());
  for (const GcReport& each : {plan, report}) {
    ASSERT_THAT(each.unfinished, SizeIs(1));
    EXPECT_EQ(each.unfinished[0].worktree.str(), "other");
    EXPECT_FALSE(each.unfinished[0].removed);
  }
  git({"worktree", "remove", "--force", other});
  const GcReport after = collect();
  EXPECT_THAT(after.unfinished, IsEmpty());
  EXPECT_THAT(after.snapshots, Not(IsEmpty()));
}

TEST_F(GcTest, DeletesNoSnapshotBeforeAnotherWorktreesCommandIsFinished) {
  take("mine");
  const std::int64_t entry = project().catalogue().write_journal(
      {.worktree = WorktreeId("other"), .kind = "switch", .payload = "{}", .started_at = {}});
  try {
    delete_snapshot(project(), "mine");
    FAIL() << "it may be what the other one stands at";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::busy);
  }
  project().catalogue().remove_journal(entry);
  EXPECT_EQ(delete_snapshot(project(), "mine").snapshot.tags.front(), "mine");
}

TEST_F(GcTest, DropsTemporaryDatabasesPastTheirTime) {
  set_retention("temporary: 5");
  take("mine");
  const ElsewhereResult made =
      restore_elsewhere(project(), {.snapshot = "mine", .database = "one"}, no_progress());
  sandbox().settle();
  wait_for_days(4);
  EXPECT_THAT(collect().temporaries, IsEmpty());
  wait_for_days(2);
  EXPECT_THAT(collect().temporaries, SizeIs(1));
  EXPECT_THAT(list_temporaries(project()), IsEmpty());
  const auto left = project().database("one").list_parked();
  EXPECT_THAT(left, Not(Contains(Field(&ParkedInfo::name, parked_name(*made.temporary)))));
}

TEST_F(GcTest, MergesManySmallPacks) {
  for (int i = 0; i < 30; ++i) {
    sql("one", "INSERT INTO t VALUES (" + std::to_string(i) + ")");
    take("tag" + std::to_string(i));
  }
  sandbox().settle();
  const std::size_t before = project().catalogue().packs().size();
  ASSERT_GT(before, 50U);
  collect();
  EXPECT_LT(project().catalogue().packs().size(), 5U);
  expect_sound();
  restore_snapshot(project(), {.snapshot = "tag3"}, no_progress());
  EXPECT_EQ(rows("one"), "main,0,1,2,3");
}

TEST_F(GcTest, KeepsThePackThatAKilledMergeLeft) {
  for (int i = 0; i < 30; ++i) {
    sql("one", "INSERT INTO t VALUES (" + std::to_string(i) + ")");
    take("tag" + std::to_string(i));
  }
  sandbox().settle();
  const std::string left = merge_without_replacing();
  collect();
  EXPECT_THAT(project().catalogue().packs(), ElementsAre(Field(&PackInfo::name, left)));
  expect_sound();
  restore_snapshot(project(), {.snapshot = "tag3"}, no_progress());
  EXPECT_EQ(rows("one"), "main,0,1,2,3");
}

TEST_F(GcTest, RunsByItselfOnceADay) {
  const auto stamp = project().state_dir() / "last-gc";
  collect_when_due(project());
  ASSERT_TRUE(std::filesystem::exists(stamp));
  make_branch("side");
  for (int i = 0; i < 3; ++i) switch_there_and_back("side");
  wait_for_days(2);
  const std::size_t before = ids().size();
  collect_when_due(project());
  EXPECT_EQ(ids().size(), before);
  make_due();
  collect_when_due(project());
  EXPECT_LT(ids().size(), before);
}

TEST_F(GcTest, ThinsNothingUnderARetentionThatNobodyHasAccepted) {
  set_retention("last: 20");
  collect_when_due(project());
  make_branch("side");
  for (int i = 0; i < 3; ++i) switch_there_and_back("side");
  wait_for_days(2);
  const std::vector<std::string> before = ids();
  bring_retention("last: 1\n  daily: 0\n  weekly: 0\n  grace: 1");
  make_due();
  collect_when_due(project());
  EXPECT_EQ(ids(), before);
  EXPECT_THROW(static_cast<void>(gc(project(), no_progress())), Error);
  EXPECT_EQ(ids(), before);
  adopt_worktree(project());
  collect_when_due(project());
  EXPECT_LT(ids().size(), before.size());
}

}  // namespace
}  // namespace quemsi
