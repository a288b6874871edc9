#include <gmock/gmock.h>

#include <algorithm>

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
