#include <fmt/core.h>

#include "util/text.hpp"
#include "workflow/arrange.hpp"
#include "workflow/branches.hpp"
#include "workflow/checkpoint.hpp"
#include "workflow/detached.hpp"
#include "workflow/links.hpp"
#include "workflow/live.hpp"
#include "workflow/nearest.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/tasks.hpp"
#include "workflow/tracked.hpp"

namespace quemsi {
namespace {

FollowResult nothing() { return {}; }
FollowResult stood_still(std::string why) { return {Followed::stood_still, std::move(why)}; }

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
  const std::string what =
      fmt::format("where '{}' stood when '{}' began", branch_for_humans(owner), to.name);
  const std::optional<Snapshot> kept = take_checkpoint(project, owner, what, progress);
  const std::optional<Owner> standing = project.catalogue().owner(owner.worktree);
  hand_over(project, standing.value_or(owner), to);
  if (!kept) return nothing();
  return {Followed::inherited, fmt::format("'{}' starts from the database of '{}', which is kept",
                                           to.name, branch_for_humans(owner))};
}

/// git has written the databases before us, or left them as they were: where that is all of them,
/// they are what HEAD's branch has. What the one before had, we cannot know any more.
FollowResult leave_to_git(Project& project, Owner owner, const std::optional<BranchIdentity>& to,
                          const std::vector<std::string>& tracked) {
  if (to && tracked.size() == project.config().databases.size()) {
    owner.branch = to->key;
    owner.branch_name = to->name;
    owner.base.reset();
    owner.tokens.clear();
    project.catalogue().set_owner(owner);
  }
  return stood_still("stands still: " + tracked_line(tracked.front()));
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

/// A branch never seen before, whose history has a state nearer than what is live.
FollowResult start_from(Project& project, const Owner& owner, const BranchIdentity& to,
                        const SnapshotMatch& link, Progress& progress) {
  const ExchangeRequest request{
      .kind = "switch",
      .what = fmt::format("switch from {} to {}", branch_for_humans(owner), to.name),
      .target = link.snapshot,
      .branch = to};
  static_cast<void>(exchange_to(project, owner, request, progress));
  return {
      Followed::switched,
      fmt::format("'{}' starts from {}, linked to its {}; `git quemsi undo` starts it from "
                  "what '{}' had",
                  to.name, reference_to(link.snapshot), place_of(link), branch_for_humans(owner))};
}

FollowResult start_branch(Project& project, const Owner& owner, const BranchIdentity& to,
                          Progress& progress) {
  if (const auto link = nearer_than_live(project, owner)) {
    return start_from(project, owner, to, *link, progress);
  }
  const std::optional<CommitId> head = project.repository().head().commit;
  const bool elsewhere = head && live_commit(project, owner) != head;
  FollowResult result = any_dirty(project, owner) ? inherit(project, owner, to, progress)
                                                  : hand_over(project, owner, to);
  if (!elsewhere || !owner.base) return result;
  return {Followed::inherited,
          fmt::format("'{}' starts from the database of '{}', nothing nearer is linked; `git "
                      "quemsi restore SNAPSHOT` starts it from another",
                      to.name, branch_for_humans(owner))};
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
  if (!owner) return nothing();
  if (to && owner->branch == to->key) return same_branch(project, *owner, *to);
  const std::vector<std::string> tracked = tracked_files(project);
  if (!tracked.empty()) return leave_to_git(project, *owner, to, tracked);
  if (!to) return follow_detached(project, *owner, progress);
  if (const std::optional<Error> conflict = location_conflict(project, *owner)) {
    return stood_still(fmt::format("stands still: {}", conflict->what()));
  }
  const std::optional<Snapshot> target = tip_snapshot(project, to->key);
  if (!target) return start_branch(project, *owner, *to, progress);
  if (target->pending) {
    return stood_still(
        fmt::format("stands still: the state of '{}' is still being read; run "
                    "`git checkout` when `git quemsi status` says it is done",
                    to->name));
  }
  if (target->id == owner->base && !any_dirty(project, *owner))
    return hand_over(project, *owner, *to);
  return switch_to(project, *owner, *to, *target, progress);
}

/// The databases are the branch's, and nothing is left to be settled.
bool is_followed(Project& project, const Owner& owner) {
  const std::optional<BranchIdentity> known = known_branch(project);
  const bool same = known && owner.branch == known->key && owner.branch_name == known->name;
  return same && !needs_reconciling(project);
}

/// Cheap reasons not to do anything, before any lock is taken.
std::optional<FollowResult> early_result(Project& project) {
  if (!project.initialised()) return nothing();
  const Head head = project.repository().head();
  const GitOperation operation = project.repository().operation();
  // `git bisect reset` ends on a branch with bisect's files still there.
  if (operation != GitOperation::none && operation != GitOperation::bisect) return nothing();
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  if (!owner || is_followed(project, *owner)) return nothing();
  // Reading the configuration starts a git: only now.
  if (!project.configured() || !project.config().follow) return nothing();
  if (!head.branch && detached_policy(project, operation) == DetachedHead::keep) {
    return operation == GitOperation::none ? detached_line(*owner) : nothing();
  }
  if (!project.trust().trusts(project.config())) {
    return stood_still(
        "stands still: this branch's .quemsi.yml asks for something else than you trusted; look at "
        "it, then run `git quemsi trust`");
  }
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
