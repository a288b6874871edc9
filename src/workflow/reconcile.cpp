#include "workflow/reconcile.hpp"

#include <algorithm>

#include "workflow/copies.hpp"
#include "workflow/exchange.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/pin.hpp"
#include "workflow/warm.hpp"

namespace quemsi {
namespace {

/// Another worktree's databases are not ours to touch, and the worker's copies
/// are its own to clean up.
std::vector<JournalEntry> our_entries(Project& project) {
  std::vector<JournalEntry> entries = project.catalogue().journal();
  std::erase_if(entries, [&](const JournalEntry& entry) {
    return entry.worktree != project.repository().worktree() || entry.kind == journal_worker_copies;
  });
  return entries;
}

std::vector<Snapshot> orphaned_pins(Project& project) {
  std::vector<Snapshot> pending = project.catalogue().pending_snapshots();
  std::erase_if(pending, [&](const Snapshot& item) { return is_being_read(project, item); });
  return pending;
}

}  // namespace

bool needs_reconciling(Project& project) {
  return !our_entries(project).empty() || !orphaned_pins(project).empty();
}

std::vector<std::string> reconcile_locked(Project& project) {
  std::vector<std::string> done;
  WorktreeDatabases ours(project);
  for (const JournalEntry& entry : our_entries(project)) {
    done.push_back(entry.kind == journal_copies ? recover_copies(project, ours, entry)
                                                : recover(project, ours, entry));
  }
  for (const Snapshot& pin : orphaned_pins(project)) done.push_back(recover_pin(project, pin));
  for (const std::string& line : done) project.notice(line);
  return done;
}

std::vector<std::string> reconcile(Project& project) {
  if (!project.initialised() || !needs_reconciling(project)) return {};
  project.require_trust();
  const OperationLock lock(project);
  return reconcile_locked(project);
}

}  // namespace quemsi
