// A clock that goes backwards: what is newer is what was taken later.
#include <gmock/gmock.h>

#include "fixture.hpp"
#include "util/clock.hpp"

namespace quemsi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ClockTest : public WorkflowTest {
 protected:
  ProjectOptions options() override {
    ProjectOptions options = WorkflowTest::options();
    options.clock = [this] { return system_now() + off_; };
    return options;
  }
  /// The next command finds it there.
  void set_clock_off_by(std::chrono::hours hours) {
    sandbox().settle();
    end_command();
    off_ = hours;
  }
  Snapshot change_and_take(const std::string& tag) {
    sql("one", "INSERT INTO t VALUES ('" + tag + "')");
    return take(tag);
  }
  /// Of snapshots that have some, newest first.
  std::vector<std::string> tags() {
    std::vector<std::string> tags;
    for (const Snapshot& snapshot : project().catalogue().snapshots()) {
      tags.insert(tags.end(), snapshot.tags.begin(), snapshot.tags.end());
    }
    return tags;
  }
  void lose_the_catalogue() {
    sandbox().settle();
    end_command();
    for (const char* suffix : {"", "-wal", "-shm"}) {
      std::filesystem::remove(sandbox().state_dir() / ("catalogue.db" + std::string(suffix)));
    }
    static_cast<void>(fsck(project(), true, no_progress()));
    end_command();
  }

 private:
  std::chrono::milliseconds off_{0};
};

TEST_F(ClockTest, WhatWasTakenLastIsTheLatest) {
  const Snapshot first = change_and_take("first");
  set_clock_off_by(std::chrono::hours(-240));
  const Snapshot second = change_and_take("second");
  ASSERT_LT(second.created_at, first.created_at);
  EXPECT_EQ(resolve_snapshot(project(), "latest").id, second.id);
  EXPECT_EQ(resolve_snapshot(project(), "HEAD").id, second.id);
  EXPECT_THAT(tags(), ElementsAre("second", "first"));
}

TEST_F(ClockTest, ARebuiltCatalogueKnowsTheOrderByTheParents) {
  change_and_take("first");
  set_clock_off_by(std::chrono::hours(-240));
  const Snapshot second = change_and_take("second");
  set_clock_off_by(std::chrono::hours(0));
  lose_the_catalogue();
  EXPECT_THAT(tags(), ElementsAre("second", "first"));
  EXPECT_EQ(resolve_snapshot(project(), "main").id, second.id);
  EXPECT_EQ(resolve_snapshot(project(), "second").parent, resolve_snapshot(project(), "first").id);
}

TEST_F(ClockTest, NothingThatIsNeededGoesWhenItJumps) {
  git({"switch", "-q", "-c", "side"});
  follow();
  for (const int days : {-400, 400, 0}) {
    set_clock_off_by(std::chrono::days(days));
    sql("one", "INSERT INTO t VALUES ('" + std::to_string(days) + "')");
    const std::string side = rows("one");
    git({"switch", "-q", "main"});
    EXPECT_EQ(follow().what, Followed::switched) << days;
    EXPECT_EQ(rows("one"), "main") << days;
    gc(project(), no_progress());
    git({"switch", "-q", "side"});
    EXPECT_EQ(follow().what, Followed::switched) << days;
    EXPECT_EQ(rows("one"), side) << days;
    undo(project(), no_progress());
    EXPECT_EQ(rows("one"), "main") << days;
    undo(project(), no_progress());
    EXPECT_EQ(rows("one"), side) << days;
  }
  sandbox().settle();
  EXPECT_THAT(fsck(project(), false, no_progress()).findings, IsEmpty());
}

}  // namespace
}  // namespace quemsi
