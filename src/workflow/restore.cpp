#include <fmt/core.h>

#include "workflow/arrange.hpp"
#include "workflow/copies.hpp"
#include "workflow/last_operation.hpp"
#include "workflow/live.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

void require_readable(const Snapshot& snapshot) {
  if (!snapshot.pending) return;
  throw Error(ErrorKind::busy,
              fmt::format("snapshot {} is still being read from the database", snapshot.id.str()))
      .hint("git quemsi status    tells when it is done");
}

SnapshotMatch find_target(Project& project, const RestoreRequest& request) {
  for (const std::string& name : request.databases) static_cast<void>(project.database(name));
  SnapshotMatch match = find_snapshot(project, request.snapshot);
  require_readable(match.snapshot);
  return match;
}

ExchangeRequest restore_request(const RestoreRequest& request, const Snapshot& target) {
  std::string what = fmt::format("restore of {}", request.snapshot);
  return {.kind = "restore",
          .what = std::move(what),
          .target = target,
          .databases = request.databases,
          .content = request.content,
          .branch = {},
          .absorb = false};
}

constexpr std::string_view undo_prefix = "undo of the ";

/// To take an undo back is to do the thing again.
std::string undone(const std::string& what) {
  if (what.starts_with(undo_prefix)) return what.substr(undo_prefix.size());
  return std::string(undo_prefix) + what;
}

/// None when there is no operation to take back. Throws when its snapshot is gone.
std::optional<ExchangeRequest> undo_request(Project& project) {
  std::optional<LastOperation> last = last_operation(project);
  if (!last) return std::nullopt;
  std::optional<Snapshot> target = project.catalogue().snapshot(last->before);
  if (!target) {
    throw Error(ErrorKind::user, fmt::format("the {} cannot be taken back", last->what))
        .cause("the snapshot of what was there before, " + last->before.str() + ", was deleted")
        .hint("git quemsi list    shows what can be restored");
  }
  require_readable(*target);
  return ExchangeRequest{.kind = "undo",
                         .what = undone(last->what),
                         .target = std::move(*target),
                         .databases = std::move(last->databases),
                         .content = Content::all,
                         .branch = {},
                         .absorb = false};
}

/// Afterwards the live databases stand for the branch that HEAD is on, for none when it is
/// detached: then the branch that they stood for keeps what it had.
RestoreResult perform(Project& project, ExchangeRequest request, const Owner& owner,
                      Progress& progress) {
  request.branch = current_branch(project);
  return exchange_to(project, owner, request, progress);
}

}  // namespace

RestorePlan plan_restore(Project& project, const RestoreRequest& request) {
  project.require_trust();
  const Owner owner = require_owner(project);
  SnapshotMatch match = find_target(project, request);
  const ExchangeRequest exchange =
      restore_request(request, without_missing_copies(project, match.snapshot));
  return {exchange.target, std::move(match), describe(arrange(project, owner, exchange))};
}

RestoreResult restore_snapshot(Project& project, const RestoreRequest& request,
                               Progress& progress) {
  project.require_trust();
  const StartWorkerAtEnd worker(project);
  const OperationLock lock(project);
  reconcile_locked(project);
  const Owner owner = require_owner(project);
  SnapshotMatch match = find_target(project, request);
  RestoreResult result =
      perform(project, restore_request(request, match.snapshot), owner, progress);
  result.match = std::move(match);
  return result;
}

std::optional<UndoPlan> plan_undo(Project& project) {
  project.require_trust();
  const Owner owner = require_owner(project);
  const std::optional<LastOperation> last = last_operation(project);
  const std::optional<ExchangeRequest> request = undo_request(project);
  if (!last || !request) return std::nullopt;
  return UndoPlan{last->what, request->target, describe(arrange(project, owner, *request))};
}

std::optional<RestoreResult> undo(Project& project, Progress& progress) {
  project.require_trust();
  const StartWorkerAtEnd worker(project);
  const OperationLock lock(project);
  reconcile_locked(project);
  const Owner owner = require_owner(project);
  const std::optional<ExchangeRequest> request = undo_request(project);
  if (!request) return std::nullopt;
  return perform(project, *request, owner, progress);
}

}  // namespace quemsi
