#include <fmt/core.h>

#include "util/text.hpp"
#include "workflow/arrange.hpp"
#include "workflow/branches.hpp"
#include "workflow/capture.hpp"
#include "workflow/live.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/pin.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/take.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

FollowResult nothing() { return {}; }
FollowResult stood_still(std::string why) { return {Followed::stood_still, std::move(why)}; }

/// `git bisect reset` ends on a branch with bisect's files still there.
bool is_in_the_middle(const GitOperation operation, const Head& head) {
  if (operation == GitOperation::none) return false;
  return operation != GitOperation::bisect || !head.branch;
}

FollowResult hand_over(Project& project, Owner owner, const BranchIdentity& to) {
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    if (owner.base && !catalogue.tip(to.key)) catalogue.set_tip({to.key, to.name, *owner.base});
    owner.branch = to.key;
    owner.branch_name = to.name;
    catalogue.set_owner(owner);
  });
  return nothing();
}

/// The branch was renamed, or nothing but HEAD's name for it changed.
FollowResult same_branch(Project& project, Owner owner, const BranchIdentity& branch) {
  if (owner.branch_name == branch.name) return nothing();
  Catalogue& catalogue = project.catalogue();
  const std::optional<Tip> tip = catalogue.tip(branch.key);
  catalogue.transaction([&] {
    owner.branch_name = branch.name;
    catalogue.set_owner(owner);
    if (tip) catalogue.set_tip({branch.key, branch.name, tip->snapshot});
  });
  return nothing();
}

/// A new branch takes the live state over; what the old one stands at is kept
/// without waiting for a copy.
FollowResult inherit(Project& project, const Owner& owner, const BranchIdentity& to,
                     Progress& progress) {
  Snapshot snapshot = new_snapshot(project, owner, SnapshotKind::checkpoint);
  snapshot.description =
      fmt::format("where '{}' stood when '{}' began", branch_for_humans(owner), to.name);
  const std::vector<std::string> names = database_names(project);
  const std::optional<Capture> capture =
      capture_live(project, owner, names, Content::all, CopyLimit::instant, progress);
  if (capture && capture->databases.empty()) {
    project.catalogue().remove_journal(capture->journal);
    return hand_over(project, owner, to);
  }
  snapshot = capture ? record_capture(project, owner, std::move(snapshot), *capture)
                     : pin_snapshot(project, owner, std::move(snapshot), names, Content::all);
  const std::optional<Owner> standing = project.catalogue().owner(owner.worktree);
  hand_over(project, standing.value_or(owner), to);
  return {Followed::inherited, fmt::format("'{}' starts from the database of '{}', which is kept",
                                           to.name, branch_for_humans(owner))};
}

std::string switched_line(const RestoreResult& result, const Owner& from,
                          const BranchIdentity& to) {
  std::vector<std::string> names;
  for (const RestoreStep& step : result.steps) {
    if (step.means != Means::keep) names.push_back(step.database);
  }
  std::string line = fmt::format("{} now at '{}'", join(names, ", "), to.name);
  if (result.kept) {
    line += fmt::format("; what '{}' had is kept", branch_for_humans(from));
  }
  return line;
}

FollowResult switch_to(Project& project, const Owner& owner, const BranchIdentity& to,
                       const Snapshot& target, Progress& progress) {
  const ExchangeRequest request{
      .kind = "switch",
      .what = fmt::format("switch from {} to {}", branch_for_humans(owner), to.name),
      .target = target,
      .branch = to,
      .absorb = true};
  const RestoreResult result = exchange_to(project, owner, request, progress);
  return {Followed::switched, switched_line(result, owner, to)};
}

std::optional<Snapshot> tip_snapshot(Project& project, const BranchKey& key) {
  const std::optional<Tip> tip = project.catalogue().tip(key);
  if (!tip) return std::nullopt;
  return project.catalogue().snapshot(tip->snapshot);
}

FollowResult follow_locked(Project& project, Progress& progress) {
  reconcile_locked(project);
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  const std::optional<BranchIdentity> to = current_branch(project);
  if (!owner || !to) return nothing();
  if (owner->branch == to->key) return same_branch(project, *owner, *to);
  if (const std::optional<Error> conflict = location_conflict(project, *owner)) {
    return stood_still(fmt::format("stands still: {}", conflict->what()));
  }
  const bool dirty = any_dirty(project, *owner);
  const std::optional<Snapshot> target = tip_snapshot(project, to->key);
  if (!target) {
    return dirty ? inherit(project, *owner, *to, progress) : hand_over(project, *owner, *to);
  }
  if (target->pending) {
    return stood_still(
        fmt::format("stands still: the state of '{}' is still being read; run "
                    "`git checkout` when `git quemsi status` says it is done",
                    to->name));
  }
  if (!dirty && target->id == owner->base) return hand_over(project, *owner, *to);
  return switch_to(project, *owner, *to, *target, progress);
}

/// Cheap reasons not to do anything, before any lock is taken.
std::optional<FollowResult> early_result(Project& project) {
  if (!project.initialised() || !project.configured() || !project.config().follow) return nothing();
  const Head head = project.repository().head();
  if (!head.branch || is_in_the_middle(project.repository().operation(), head)) return nothing();
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  if (!owner) return nothing();
  if (!project.trust().trusts(project.config())) {
    return stood_still(
        "stands still: this branch's .quemsi.yml names other databases than the ones that you "
        "trusted; look at it, then run `git quemsi trust`");
  }
  const std::optional<BranchIdentity> known = known_branch(project);
  const bool same = known && owner->branch == known->key && owner->branch_name == known->name;
  if (same && !needs_reconciling(project)) return nothing();
  return std::nullopt;
}

}  // namespace

FollowResult follow_branch(Project& project, Progress& progress) {
  if (std::optional<FollowResult> early = early_result(project)) return *early;
  const StartWorkerAtEnd worker(project);
  const OperationLock lock(project);
  return follow_locked(project, progress);
}

}  // namespace quemsi
