#include "workflow/warm.hpp"

#include "fixture.hpp"

namespace quemsi {
namespace {

class WarmTest : public WorkflowTest {
 protected:
  std::size_t parked() {
    return project().catalogue().parked_images("one").size() +
           project().catalogue().parked_images("two").size();
  }
  void set_budget(const std::string& budget, int warm) {
    write_config("version: 1\nparked_budget: " + budget + "\nwarm: " + std::to_string(warm) +
                 "\ndatabases:\n  one: sqlite:one.db\n  two: sqlite:two.db\n");
  }
};

TEST_F(WarmTest, NeverEvictsTheOnlyCopy) {
  set_budget("0", 0);
  take_snapshot(project(), {.tags = {"a"}}, no_progress());
  sandbox().settle();
  Catalogue& catalogue = project().catalogue();
  const Snapshot snapshot = catalogue.snapshots().front();
  for (const Image& image : snapshot.images) {
    catalogue.clear_seal(image.id);
    catalogue.set_parked(image.id, parked_name(image.id));
  }
  warm_and_evict(project(), no_progress());
  EXPECT_EQ(parked(), 2U);
}

TEST_F(WarmTest, EvictsSealedCopiesBeyondTheBudget) {
  take("a");
  sandbox().settle();
  ASSERT_EQ(parked(), 2U);
  set_budget("0", 2);
  warm_and_evict(project(), no_progress());
  EXPECT_EQ(parked(), 0U);
}

TEST_F(WarmTest, ParksTheNewestManualSnapshotsAgain) {
  take("a");
  sandbox().settle();
  set_budget("0", 2);
  warm_and_evict(project(), no_progress());
  ASSERT_EQ(parked(), 0U);
  set_budget("1GB", 2);
  warm_and_evict(project(), no_progress());
  EXPECT_EQ(parked(), 2U);
  sql("one", "INSERT INTO t VALUES ('work')");
  EXPECT_EQ(plan_restore(project(), {.snapshot = "a"}).steps.at(0).means, Means::swap);
  restore_snapshot(project(), {.snapshot = "a"}, no_progress());
  EXPECT_EQ(rows("one"), "main");
}

TEST_F(WarmTest, KeepsReadyWhatUndoBringsBack) {
  take("a");
  sql("one", "INSERT INTO t VALUES ('work')");
  restore_snapshot(project(), {.snapshot = "a"}, no_progress());
  sandbox().settle();
  const std::optional<UndoPlan> plan = plan_undo(project());
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->target.kind, SnapshotKind::safety);
  EXPECT_EQ(plan->steps.at(0).means, Means::swap);
}

TEST_F(WarmTest, LetsGoOfManualSnapshotsThatAreNotAmongTheNewest) {
  set_budget("1GB", 1);
  take("old");
  sql("one", "INSERT INTO t VALUES (1)");
  sql("two", "INSERT INTO t VALUES (1)");
  take("new");
  sandbox().settle();
  warm_and_evict(project(), no_progress());
  EXPECT_EQ(parked(), 2U);
}

class WarmBranches : public WarmTest {
 protected:
  /// Each stands at a state of its own; the last one is live.
  void make_branches(int count) {
    for (int i = 0; i < count; ++i) {
      git({"switch", "-q", "-c", "branch-" + std::to_string(i)});
      follow();
      sql("one", "INSERT INTO t VALUES (" + std::to_string(i) + ")");
    }
    sandbox().settle();
    end_command();
  }
};

TEST_F(WarmBranches, OfAllOfThemAreKeptWhileThereIsRoom) {
  make_branches(6);
  const std::size_t before = project().catalogue().parked_images("one").size();
  ASSERT_GE(before, 5U);
  warm_and_evict(project(), no_progress());
  EXPECT_EQ(project().catalogue().parked_images("one").size(), before);
}

TEST_F(WarmBranches, OnlyTheRecentOnesAreMadeAgain) {
  make_branches(6);
  set_budget("0", 0);
  warm_and_evict(project(), no_progress());
  ASSERT_EQ(parked(), 0U);
  set_budget("1GB", 0);
  warm_and_evict(project(), no_progress());
  EXPECT_EQ(project().catalogue().parked_images("one").size(), 3U);
  git({"switch", "-q", "branch-3"});
  EXPECT_EQ(plan_restore(project(), {.snapshot = "branch-3"}).steps.at(0).means, Means::swap);
}

}  // namespace
}  // namespace quemsi
