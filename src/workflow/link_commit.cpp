#include <fmt/core.h>

#include "workflow/branches.hpp"
#include "workflow/checkpoint.hpp"
#include "workflow/links.hpp"
#include "workflow/live.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

/// The owner, if the databases stand for what HEAD is at and we may look at them.
std::optional<Owner> owner_at_head(Project& project) {
  if (!project.initialised()) return std::nullopt;
  // git copies the links of what it picks, or tells post-rewrite.
  if (project.repository().operation() == GitOperation::rebase) return std::nullopt;
  if (!project.configured() || project.config().on_commit == OnCommit::off) return std::nullopt;
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  if (!owner || !project.trust().trusts(project.config())) return std::nullopt;
  const std::optional<BranchIdentity> branch = known_branch(project);
  const bool detached = !project.repository().head().branch;
  const bool stands = branch ? owner->branch == branch->key : detached && !owner->branch;
  return stands && !location_conflict(project, *owner) ? owner : std::nullopt;
}

bool is_schema_new(Project& project, const Owner& owner) {
  if (!owner.base) return true;
  const std::optional<std::string> base = project.catalogue().schema(*owner.base);
  if (!any_dirty(project, owner)) {
    if (!base) remember_schema(project, *owner.base);
    return false;
  }
  return !base || live_schema(project) != base;
}

bool wants_checkpoint(Project& project, const Owner& owner) {
  switch (project.config().on_commit) {
    case OnCommit::automatic:
      return is_schema_new(project, owner);
    case OnCommit::snapshot:
      return true;
    case OnCommit::link:
    case OnCommit::off:
      return false;
  }
  return false;
}

/// The owner of the checkpoint.
std::optional<Owner> keep_state(Project& project, const Owner& before, const CommitId& head,
                                Progress& progress) {
  const StartWorkerAtEnd worker(project);
  const OperationLock lock(project);
  reconcile_locked(project);
  const std::optional<Owner> owner = project.catalogue().owner(before.worktree);
  if (!owner || owner->branch != before.branch) return owner;
  const std::string what = fmt::format("at commit {}", short_id(head));
  if (const auto taken = take_checkpoint(project, *owner, what, progress)) {
    remember_schema(project, taken->id);
  }
  return project.catalogue().owner(before.worktree);
}

/// What went wrong with the database is no reason to leave the commit without its link.
std::optional<Owner> keep_state_if_wanted(Project& project, const Owner& owner,
                                          const CommitId& head, Progress& progress,
                                          std::string& line) {
  try {
    if (!wants_checkpoint(project, owner)) return owner;
    return keep_state(project, owner, head, progress);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) throw;
    line = fmt::format("no snapshot for this commit: {}; git quemsi snapshot", error.what());
    return owner;
  }
}

}  // namespace

std::string link_commit(Project& project, CommitEvent event, Progress& progress) {
  const std::optional<Owner> owner = owner_at_head(project);
  const std::optional<CommitId> head = project.repository().head().commit;
  if (!owner || !head) return {};
  // Fast-forwarded to: its link is what it was made with.
  if (event == CommitEvent::merge && !project.repository().note(*head).empty()) return {};
  std::string line;
  const std::optional<Owner> after = keep_state_if_wanted(project, *owner, *head, progress, line);
  if (!after || !after->base) return line;
  const std::optional<Snapshot> base = project.catalogue().snapshot(*after->base);
  if (base) project.repository().add_notes({{*head, {link_line(*base)}}});
  return line;
}

}  // namespace quemsi
