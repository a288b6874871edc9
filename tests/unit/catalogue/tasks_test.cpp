#include "fixture.hpp"

namespace quemsi {
namespace {

class TasksTest : public CatalogueTest {};

TEST_F(TasksTest, QueuesTheSameWorkOnce) {
  const std::int64_t first = catalogue().add_task("seal", "x", at(1));
  EXPECT_EQ(catalogue().add_task("seal", "x", at(2)), first);
  catalogue().add_task("seal", "y", at(2));
  EXPECT_EQ(catalogue().tasks().size(), 2U);
}

TEST_F(TasksTest, GivesEachTaskToOneOfTwoWorkers) {
  catalogue().add_task("seal", "x", at(1));
  Catalogue other(file());
  const std::optional<Task> mine = catalogue().claim_task(11);
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->attempts, 1);
  EXPECT_FALSE(other.claim_task(22));
  EXPECT_EQ(catalogue().tasks().front().pid, 11);
}

TEST_F(TasksTest, QueuesWorkAgainBehindARunOfTheSame) {
  catalogue().add_task("record", "x", at(1));
  const std::optional<Task> running = catalogue().claim_task(1);
  catalogue().add_task("record", "x", at(2));
  catalogue().finish_task(running->id);
  EXPECT_EQ(catalogue().tasks().size(), 1U);
}

TEST_F(TasksTest, KeepsAFailureUntilTheWorkIsWantedAgain) {
  const std::int64_t id = catalogue().add_task("seal", "x", at(1));
  catalogue().claim_task(1);
  catalogue().fail_task(id, "disk full");
  ASSERT_EQ(catalogue().tasks().size(), 1U);
  EXPECT_EQ(catalogue().tasks().front().state, TaskState::failed);
  EXPECT_EQ(catalogue().tasks().front().error, "disk full");
  EXPECT_FALSE(catalogue().claim_task(1));
  catalogue().add_task("seal", "x", at(2));
  ASSERT_EQ(catalogue().tasks().size(), 1U);
  EXPECT_EQ(catalogue().tasks().front().state, TaskState::waiting);
}

TEST_F(TasksTest, RetriesWhatADeadWorkerLeft) {
  const std::int64_t id = catalogue().add_task("seal", "x", at(1));
  catalogue().claim_task(1);
  catalogue().retry_task(id);
  const std::optional<Task> again = catalogue().claim_task(2);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->attempts, 2);
}

TEST_F(TasksTest, RemovesByKindAndSubject) {
  catalogue().add_task("seal", "x", at(1));
  catalogue().add_task("warm", "x", at(1));
  catalogue().remove_tasks("seal", "x");
  ASSERT_EQ(catalogue().tasks().size(), 1U);
  EXPECT_EQ(catalogue().tasks().front().kind, "warm");
}

}  // namespace
}  // namespace quemsi
