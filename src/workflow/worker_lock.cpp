#include "workflow/worker_lock.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include "workflow/state_folder.hpp"

namespace quemsi {
namespace {

constexpr std::chrono::milliseconds poll_interval{10};
/// A wait shorter than this is not worth a word.
constexpr std::chrono::milliseconds patience{300};

}  // namespace

std::filesystem::path worker_lock(Project& project) { return project.state_dir() / "worker.lock"; }

FileLock keep_worker_away(Project& project, Progress& progress) {
  make_state_folder(project);
  const auto start = std::chrono::steady_clock::now();
  bool told = false;
  for (;;) {
    if (auto lock = FileLock::try_lock(worker_lock(project), LockMode::exclusive)) {
      return std::move(*lock);
    }
    progress.check_cancelled();
    const bool long_wait = std::chrono::steady_clock::now() - start >= patience;
    if (long_wait && !std::exchange(told, true)) {
      project.notice("waiting for the background worker to finish");
    }
    std::this_thread::sleep_for(poll_interval);
  }
}

}  // namespace quemsi
