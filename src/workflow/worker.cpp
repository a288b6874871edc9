#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "catalogue/task_watch.hpp"
#include "util/clock.hpp"
#include "util/file_lock.hpp"
#include "util/process.hpp"
#include "workflow/gc.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/seal.hpp"
#include "workflow/tasks.hpp"
#include "workflow/warm.hpp"
#include "workflow/worker_lock.hpp"
#include "workflow/worker_log.hpp"

namespace quemsi {
namespace {

constexpr int most_attempts = 3;
constexpr std::uintmax_t longest_log = std::uintmax_t{1} << 20;

void seal_task(Project& project, const ImageId& image, Progress& progress) {
  seal_image(project, image, progress);
  const std::optional<SnapshotId> snapshot = project.catalogue().snapshot_of_image(image);
  if (!snapshot) return;
  add_task(project, task_record, snapshot->str());
  add_task(project, task_warm, "");
}

void drop_task(Project& project, const ParkedCopy& copy) {
  const FileLock lock =
      FileLock::lock(worker_item_lock(project), LockMode::exclusive, std::chrono::minutes(1));
  project.database(copy.database).drop_parked(copy.name);
}

void perform(Project& project, const Task& task) {
  // A foreground command that needs the image takes its task away.
  TaskWatch progress(project.catalogue_file(), task.id);
  if (task.kind == task_seal) return seal_task(project, ImageId(task.subject), progress);
  if (task.kind == task_record) return write_snapshot_record(project, SnapshotId(task.subject));
  if (task.kind == task_drop) return drop_task(project, parse_parked_copy(task.subject));
  if (task.kind == task_warm) return warm_and_evict(project, progress);
  throw Error(ErrorKind::internal, "unknown kind of task: " + task.kind);
}

void fail(Project& project, const Task& task, const std::string& why) {
  project.notice(
      fmt::format("{} {} {}: {}", format_iso(project.now()), task.kind, task.subject, why));
  project.catalogue().fail_task(task.id, why);
}

void give_up_or_retry(Project& project, const Task& task, const Error& error) {
  if (error.kind() == ErrorKind::cancelled) return;
  fail(project, task, error.what());
  for (const std::string& cause : error.causes()) project.notice("  " + cause);
  if (task.attempts < most_attempts && error.kind() == ErrorKind::busy) {
    project.catalogue().retry_task(task.id);
  }
}

void work_off(Project& project) {
  while (const std::optional<Task> task = project.catalogue().claim_task(getpid())) {
    try {
      perform(project, *task);
      project.catalogue().finish_task(task->id);
    } catch (const Error& error) {
      give_up_or_retry(project, *task, error);
    } catch (const std::exception& error) {
      // The tasks behind it can be done all the same.
      fail(project, *task, error.what());
    }
  }
}

bool waits(const Task& task) { return task.state == TaskState::waiting; }

bool anything_waits(Project& project) {
  const std::vector<Task> tasks = project.catalogue().tasks();
  return std::any_of(tasks.begin(), tasks.end(), waits);
}

std::set<std::string> indexed_packs(Project& project) {
  std::set<std::string> names;
  for (const PackInfo& pack : project.catalogue().packs()) names.insert(pack.name);
  return names;
}

void index_unknown_packs(Project& project) {
  Store& store = project.store();
  const auto hold = store.hold_packs(std::chrono::milliseconds(0));
  const std::set<std::string> known = indexed_packs(project);
  store.scan(
      [&](const PackInfo& pack, std::span<const PackEntry> entries) {
        if (!known.contains(pack.name)) project.catalogue().add_pack(pack, entries);
      },
      [](const StoreFinding& /*for fsck to tell*/) {});
}

/// What killed writers left: unfinished packs go; finished ones that they had no time to
/// enter into the index are entered, so that the next image finds their chunks.
void tidy_store(Project& project) {
  const std::set<std::string> known = indexed_packs(project);
  bool all_known = true;
  try {
    project.store().remove_packs(
        [&](const PackInfo& pack) {
          all_known = all_known && known.contains(pack.name);
          return false;
        },
        std::chrono::milliseconds(0));
    if (!all_known) index_unknown_packs(project);
  } catch (const Error& error) {
    // Somebody is writing: the next worker looks again.
    if (error.kind() != ErrorKind::busy) throw;
  }
}

/// A command that was killed had taken its images' seals out of the queue.
void queue_missing_seals(Project& project) {
  if (images_without_seal_task(project).empty()) return;
  try {
    const OperationLock lock(project);
    add_missing_tasks(project);
  } catch (const Error& error) {
    // A long operation: it starts a worker when it ends.
    if (error.kind() != ErrorKind::busy) throw;
  }
}

/// We hold the worker's lock, so whoever ran these is gone.
void take_over_task(Project& project, const Task& task) {
  // A pin's says what is lost: nobody can do it again.
  if (waits(task) || task.kind == task_pin) return;
  if (task.attempts < most_attempts) return project.catalogue().retry_task(task.id);
  // It may be what ends every worker.
  if (task.state == TaskState::running) {
    fail(project, task,
         fmt::format("the background process ended in the middle of it, {} times", task.attempts));
  }
}

void take_over(Project& project) {
  recover_worker_copies(project);
  tidy_store(project);
  for (const Task& task : project.catalogue().tasks()) take_over_task(project, task);
  queue_missing_seals(project);
}

bool has_work(Project& project) {
  const std::vector<Task> tasks = project.catalogue().tasks();
  const bool queued = std::any_of(tasks.begin(), tasks.end(),
                                  [](const Task& task) { return task.state != TaskState::failed; });
  return queued || !images_without_seal_task(project).empty();
}

}  // namespace

std::filesystem::path worker_log(Project& project) {
  const std::filesystem::path log = project.state_dir() / "worker.log";
  std::error_code missing;
  if (std::filesystem::file_size(log, missing) > longest_log && !missing) {
    std::filesystem::resize_file(log, 0, missing);
  }
  return log;
}

void start_worker(Project& project) noexcept {
  try {
    // Without a configuration it could reach no database.
    if (!project.configured() || !has_work(project)) return;
    if (!FileLock::try_lock(worker_lock(project), LockMode::exclusive)) return;
    start_detached({project.options().program.string(), "worker"}, project.repository().top(),
                   worker_log(project), {});
  } catch (const std::exception& error) {
    try {
      project.notice(std::string("the background worker did not start: ") + error.what());
    } catch (...) {  // NOLINT(bugprone-empty-catch): there is nobody left to tell
    }
  }
}

void run_worker(Project& project) {
  do {
    const std::optional<FileLock> lock =
        FileLock::try_lock(worker_lock(project), LockMode::exclusive);
    if (!lock) return;
    take_over(project);
    work_off(project);
    collect_when_due(project);
    // What that has left to drop and to evict.
    work_off(project);
    project.catalogue().checkpoint();
    // Work that came in after our last look saw the lock taken: look again without it.
  } while (anything_waits(project));
}

bool wait_for_worker(Project& project, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const bool pending = !project.catalogue().pending_snapshots().empty();
    if (!pending && !has_work(project)) return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    if (!pending) start_worker(project);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace quemsi
