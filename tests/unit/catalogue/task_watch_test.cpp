#include "catalogue/task_watch.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include "fixture.hpp"
#include "quemsi/error.hpp"

namespace quemsi {
namespace {

class TaskWatchTest : public CatalogueTest {};

TEST_F(TaskWatchTest, LetsWorkGoOnAsLongAsItIsWanted) {
  TaskWatch watch(file(), catalogue().add_task("seal", "x", at(1)));
  for (int i = 0; i < 1000; ++i) EXPECT_NO_THROW(watch.check_cancelled());
}

/// Several threads look, while another one uses the catalogue that they would share.
TEST_F(TaskWatchTest, StopsEveryThreadOnceTheTaskIsGone) {
  const std::int64_t task = catalogue().add_task("seal", "x", at(1));
  TaskWatch watch(file(), task);
  std::atomic<int> rounds = 0;
  std::atomic<int> stopped = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      try {
        for (;; ++rounds) watch.check_cancelled();
      } catch (const Error& error) {
        if (error.kind() == ErrorKind::cancelled) ++stopped;
      }
    });
  }
  while (rounds < 10000) static_cast<void>(catalogue().tasks());
  catalogue().finish_task(task);
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(stopped, 4);
}

}  // namespace
}  // namespace quemsi
