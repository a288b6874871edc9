#include <gmock/gmock.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "fixture.hpp"
#include "workflow/tasks.hpp"
#include "workflow/worker_log.hpp"

namespace quemsi {
namespace {

using testing::SizeIs;

class WorkerTest : public WorkflowTest {};

TEST_F(WorkerTest, DoesWhatWaits) {
  add_task(project(), task_warm, "");
  start_worker(project());
  sandbox().settle();
  EXPECT_THAT(project().catalogue().tasks(), SizeIs(0));
}

TEST_F(WorkerTest, GivesUpATaskThatEndedAsManyWorkersAsItMay) {
  add_task(project(), task_drop, "never claimed by a worker here");
  Catalogue& catalogue = project().catalogue();
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const Task task = catalogue.claim_task(1).value();
    EXPECT_EQ(task.attempts, attempt);
    if (attempt < 3) catalogue.retry_task(task.id);
  }
  run_worker(project());
  const std::vector<Task> left = catalogue.tasks();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].state, TaskState::failed);
  EXPECT_THAT(left[0].error, testing::HasSubstr("3 times"));
  EXPECT_EQ(left[0].attempts, 3);
}

/// Whose clock fails once when it is told to.
class BrokenClock : public WorkerTest {
 protected:
  ProjectOptions options() override {
    ProjectOptions options = WorkerTest::options();
    options.clock = [this] {
      if (std::exchange(broken_, false)) throw std::runtime_error("no clock");
      return Timestamp();
    };
    return options;
  }

  bool broken_ = false;
};

TEST_F(BrokenClock, FailsOneTaskAndNotTheWorker) {
  const Snapshot snapshot = take("a");
  sandbox().settle();
  add_task(project(), task_record, snapshot.id.str());
  add_task(project(), task_warm, "");
  broken_ = true;
  run_worker(project());
  const std::vector<Task> left = project().catalogue().tasks();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].kind, task_record);
  EXPECT_EQ(left[0].state, TaskState::failed);
  EXPECT_EQ(left[0].error, "no clock");
}

TEST_F(WorkerTest, TakesUpATaskWhoseWorkerWasKilledOnce) {
  add_task(project(), task_warm, "");
  static_cast<void>(project().catalogue().claim_task(1));
  run_worker(project());
  EXPECT_THAT(project().catalogue().tasks(), SizeIs(0));
}

TEST_F(WorkerTest, IsNotStartedWhereThereIsNoConfiguration) {
  add_task(project(), task_warm, "");
  std::filesystem::remove(sandbox().top() / ".quemsi.yml");
  end_command();
  start_worker(project());
  EXPECT_TRUE(sandbox().wait_for_processes(std::chrono::seconds(10)));
  EXPECT_THAT(project().catalogue().tasks(), SizeIs(1));
  EXPECT_FALSE(std::filesystem::exists(worker_log(project())));
}

TEST_F(WorkerTest, HasNothingToSealAfterASnapshotThatWaitedForIt) {
  const Snapshot snapshot = take("a");
  for (const Task& task : project().catalogue().tasks()) {
    EXPECT_NE(task.kind, task_seal);
    EXPECT_NE(task.kind, task_record);
  }
  sandbox().settle();
  std::size_t records = 0;
  project().store().scan(
      [&](const PackInfo&, std::span<const PackEntry> entries) {
        records += static_cast<std::size_t>(
            std::ranges::count(entries, ChunkKind::record, &PackEntry::kind));
      },
      [](const StoreFinding& finding) { ADD_FAILURE() << finding.what; });
  EXPECT_EQ(records, 1U);
}

}  // namespace
}  // namespace quemsi
