#include <chrono>
#include <filesystem>
#include <set>

#include "util/atomic_file.hpp"
#include "workflow/abandoned.hpp"
#include "workflow/collect.hpp"
#include "workflow/garbage.hpp"
#include "workflow/gc.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/removal.hpp"
#include "workflow/retire.hpp"
#include "workflow/tasks.hpp"
#include "workflow/worker_lock.hpp"

namespace quemsi {
namespace {

constexpr std::chrono::hours time_between_collections{24};
/// Of a person who asked for it; the worker does not wait.
constexpr std::chrono::seconds patience{30};

GcReport report_of(Garbage garbage) {
  return {.snapshots = std::move(garbage.snapshots),
          .branches = std::move(garbage.tips),
          .worktrees = {},
          .temporaries = std::move(garbage.temporaries),
          .waiting = {},
          .unfinished = {}};
}

LiveChunks chunks_without(Project& project, const std::vector<Snapshot>& removed) {
  std::set<SnapshotId> ids;
  for (const Snapshot& snapshot : removed) ids.insert(snapshot.id);
  LiveChunks live;
  for (const auto& snapshots :
       {project.catalogue().snapshots(), project.catalogue().pending_snapshots()}) {
    for (const Snapshot& snapshot : snapshots) {
      if (!ids.contains(snapshot.id)) live.add(project, snapshot);
    }
  }
  return live;
}

void forget(Project& project, const Garbage& garbage) {
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    for (const Tip& tip : garbage.tips) {
      catalogue.remove_tip(tip.key);
      catalogue.forget_gone(GoneKind::branch, tip.key.str());
    }
    for (const Snapshot& snapshot : garbage.snapshots) remove_rows(project, snapshot);
    for (const TemporaryDatabase& item : garbage.temporaries) {
      add_drop(project, item.database, parked_name(item.id));
      catalogue.remove_temporary(item.id);
    }
    add_task(project, task_warm, "");
  });
}

std::vector<UnfinishedOperation> look_what_is_gone(Project& project) {
  const OperationLock lock(project);
  reconcile_locked(project);
  std::vector<UnfinishedOperation> unfinished = settle_abandoned(project);
  note_what_is_gone(project);
  return unfinished;
}

/// Rows only: takes milliseconds, so that nobody has to wait for it.
GcReport forget_garbage(Project& project, std::vector<UnfinishedOperation> unfinished) {
  const OperationLock lock(project);
  reconcile_locked(project);
  Garbage garbage = find_garbage(project, {});
  // Somebody may have been killed meanwhile.
  if (unfinished.empty()) unfinished = unfinished_operations(project);
  // What it needs, only the unfinished operation knows.
  if (!unfinished.empty()) garbage.snapshots.clear();
  forget(project, garbage);
  GcReport report = report_of(std::move(garbage));
  report.waiting = waiting_for_grace(project);
  report.unfinished = std::move(unfinished);
  return report;
}

GcReport clean_up(Project& project, Progress& progress) {
  std::vector<UnfinishedOperation> unfinished = look_what_is_gone(project);
  std::vector<RetiredWorktree> retired = retire(project, removed_worktrees(project), progress);
  GcReport report = forget_garbage(project, std::move(unfinished));
  report.worktrees = std::move(retired);
  return report;
}

/// What kept them from being done may be mended by now; what is lost has been said.
void retry_failures(Project& project) {
  for (const Task& task : project.catalogue().tasks()) {
    if (task.state != TaskState::failed) continue;
    if (task.kind == task_pin) {
      project.catalogue().finish_task(task.id);
    } else {
      project.catalogue().retry_task(task.id);
    }
  }
}

void add(GcReport& report, const Collected& collected) {
  report.packs += collected.packs;
  report.freed_bytes += collected.bytes;
  report.complete = collected.done;
}

std::filesystem::path stamp(Project& project) { return project.state_dir() / "last-gc"; }

/// A repository that has never been cleaned up is new.
bool is_due(Project& project) {
  std::error_code missing;
  const auto last = std::filesystem::last_write_time(stamp(project), missing);
  if (missing) AtomicFile(stamp(project), 0600).commit();
  if (missing) return false;
  const auto age = std::filesystem::file_time_type::clock::now() - last;
  return age >= time_between_collections || age < -time_between_collections;
}

}  // namespace

GcReport plan_gc(Project& project) {
  project.require_trust();
  const std::vector<Owner> removed = removed_worktrees(project);
  GcReport report = report_of(find_garbage(project, removed));
  report.waiting = waiting_for_grace(project);
  report.unfinished = unfinished_operations(project);
  if (!report.unfinished.empty()) report.snapshots.clear();
  report.worktrees = plan_retirement(project, removed);
  report.freed_bytes = dead_bytes(project, chunks_without(project, report.snapshots));
  return report;
}

GcReport gc(Project& project, Progress& progress) {
  project.require_trust();
  GcReport report;
  {
    const FileLock at_rest = keep_worker_away(project, progress);
    report = clean_up(project, progress);
    do {
      progress.check_cancelled();
      add(report, collect(project, patience));
    } while (!report.complete && report.packs > 0);
    AtomicFile(stamp(project), 0600).commit();
    retry_failures(project);
  }
  start_worker(project);
  return report;
}

void collect_when_due(Project& project) {
  if (!project.configured() || !project.config().retention.automatic || !is_due(project)) return;
  if (!project.trust().trusts(project.config())) return;
  // Whatever becomes of it, not again today.
  AtomicFile(stamp(project), 0600).commit();
  try {
    static_cast<void>(clean_up(project, no_progress()));
    static_cast<void>(collect(project, std::chrono::milliseconds(0)));
  } catch (const Error& error) {
    project.notice(std::string("gc: ") + error.what());
  }
}

}  // namespace quemsi
