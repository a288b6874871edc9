#include <functional>
#include <utility>

#include "fixture.hpp"
#include "workflow/live.hpp"
#include "workflow/warm.hpp"

namespace quemsi {
namespace {

class RestoreTest : public WorkflowTest {
 protected:
  RestoreResult restore(const std::string& snapshot, std::vector<std::string> databases = {}) {
    return restore_snapshot(project(), {.snapshot = snapshot, .databases = std::move(databases)},
                            no_progress());
  }
  RestoreResult undo_last() { return undo(project(), no_progress()).value(); }
};

TEST_F(RestoreTest, KeepsWhatWasThereAndTakesItBack) {
  take("base");
  sql("one", "INSERT INTO t VALUES ('work')");
  const RestoreResult result = restore("base");
  EXPECT_EQ(rows("one"), "main");
  ASSERT_TRUE(result.kept);
  EXPECT_EQ(result.kept->kind, SnapshotKind::safety);
  undo_last();
  EXPECT_EQ(rows("one"), "main,work");
}

TEST_F(RestoreTest, UndoingAnUndoDoesItAgain) {
  take("base");
  sql("one", "INSERT INTO t VALUES ('work')");
  restore("base");
  EXPECT_EQ(plan_undo(project())->what, "restore of base");
  undo_last();
  EXPECT_EQ(plan_undo(project())->what, "undo of the restore of base");
  undo_last();
  EXPECT_EQ(plan_undo(project())->what, "restore of base");
  EXPECT_EQ(rows("one"), "main");
  undo_last();
  EXPECT_EQ(rows("one"), "main,work");
}

/// While a copy is being made, after everything has been looked at.
class Meanwhile : public Progress {
 public:
  explicit Meanwhile(std::function<void()> work) : work_(std::move(work)) {}
  void begin(std::string_view /*what*/, std::uint64_t /*total*/) override { once(); }
  void advance(std::uint64_t /*bytes*/) override { once(); }
  void end() override {}
  void check_cancelled() override { once(); }

 private:
  void once() {
    if (const auto work = std::exchange(work_, {})) work();
  }
  std::function<void()> work_;
};

TEST_F(RestoreTest, KeepsWhatIsWrittenWhileItPrepares) {
  take("base");
  sql("one", "INSERT INTO t VALUES ('work')");
  take("later");
  sandbox().settle();
  write_config(
      "version: 1\nwarm: 0\nparked_budget: 0\ndatabases:\n  one: sqlite:one.db\n"
      "  two: sqlite:two.db\n");
  warm_and_evict(project(), no_progress());
  ASSERT_FALSE(is_dirty(project(), owner(), "one"));
  bool written = false;
  Meanwhile progress([&] {
    sql("one", "INSERT INTO t VALUES ('meanwhile')");
    written = true;
  });
  const RestoreResult result = restore_snapshot(project(), {.snapshot = "base"}, progress);
  ASSERT_TRUE(written);
  EXPECT_EQ(rows("one"), "main");
  ASSERT_TRUE(result.kept);
  undo_last();
  EXPECT_EQ(rows("one"), "main,work,meanwhile");
}

TEST_F(RestoreTest, HasNothingToTakeBackAtFirst) {
  EXPECT_FALSE(plan_undo(project()));
  EXPECT_FALSE(undo(project(), no_progress()));
}

TEST_F(RestoreTest, TouchesOnlyTheDatabasesThatItWasAskedFor) {
  take("base");
  for (const char* name : {"one", "two"}) sql(name, "INSERT INTO t VALUES ('work')");
  restore("base", {"one"});
  EXPECT_EQ(rows("one"), "main");
  EXPECT_EQ(rows("two"), "main,work");
  EXPECT_TRUE(is_dirty(project(), owner(), "two")) << "it is not what the base says";
}

TEST_F(RestoreTest, LeavesAManualSnapshotAsItWasHoweverOftenItIsRestored) {
  take("base");
  for (int i = 0; i < 3; ++i) {
    sql("one", "INSERT INTO t VALUES ('work')");
    restore("base");
    EXPECT_EQ(rows("one"), "main");
  }
}

TEST_F(RestoreTest, MovesNothingThatIsProvablyThereAlready) {
  take("base");
  const RestorePlan plan = plan_restore(project(), {.snapshot = "base"});
  for (const RestoreStep& step : plan.steps) EXPECT_EQ(step.means, Means::keep) << step.database;
}

TEST_F(RestoreTest, PlansWithoutTouchingAnything) {
  take("base");
  sql("one", "INSERT INTO t VALUES ('work')");
  const RestorePlan plan = plan_restore(project(), {.snapshot = "base"});
  EXPECT_TRUE(plan.steps.at(0).dirty);
  EXPECT_EQ(rows("one"), "main,work");
}

TEST_F(RestoreTest, SharesTheContentOfUnchangedDatabasesBetweenSnapshots) {
  take("base");
  sql("one", "INSERT INTO t VALUES ('work')");
  const Snapshot second = take("second");
  const Snapshot first = resolve_snapshot(project(), "base");
  EXPECT_EQ(find_image(second, "two")->manifest, find_image(first, "two")->manifest);
  EXPECT_NE(find_image(second, "one")->manifest, find_image(first, "one")->manifest);
}

TEST_F(RestoreTest, SavesWhatLeavesUnderTheBranchThatTheOwnerNames) {
  take("base");
  git({"switch", "-c", "feature"});
  sql("one", "INSERT INTO t VALUES ('of main')");
  const RestoreResult result = restore("base");
  ASSERT_TRUE(result.kept);
  EXPECT_EQ(result.kept->branch, "main");
  git({"switch", "main"});
  follow();
  EXPECT_EQ(rows("one"), "main,of main");
}

TEST_F(RestoreTest, RestoresADatabaseThatWasRemoved) {
  take("base");
  std::filesystem::remove(file("one"));
  restore("base");
  EXPECT_EQ(rows("one"), "main");
}

TEST_F(RestoreTest, APlanKnowsThatSomebodyHasRemovedTheCopy) {
  take("a");
  sandbox().settle();
  sql("one", "INSERT INTO t VALUES ('work')");
  ASSERT_EQ(plan_restore(project(), {.snapshot = "a"}).steps.at(0).means, Means::swap);
  const Snapshot snapshot = resolve_snapshot(project(), "a");
  for (const Image& image : snapshot.images) {
    project().database(image.database).drop_parked(*image.parked);
  }
  EXPECT_EQ(plan_restore(project(), {.snapshot = "a"}).steps.at(0).means, Means::materialise);
}

}  // namespace
}  // namespace quemsi
