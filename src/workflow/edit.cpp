#include <fmt/core.h>

#include <algorithm>

#include "workflow/abandoned.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/removal.hpp"
#include "workflow/seal.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

/// A writer seals one image at most while it holds the packs.
constexpr std::chrono::seconds longest_wait_for_writers{30};

Snapshot changed(Project& project, const SnapshotId& id) {
  write_snapshot_record(project, id);
  return project.catalogue().snapshot(id).value();
}

std::vector<ImageId> image_ids(const Snapshot& snapshot) {
  std::vector<ImageId> ids;
  for (const Image& image : snapshot.images) ids.push_back(image.id);
  return ids;
}

/// What it needs, only the unfinished operation knows.
void require_nothing_unfinished(Project& project) {
  for (const UnfinishedOperation& operation : unfinished_operations(project)) {
    throw Error(ErrorKind::busy, fmt::format("the worktree '{}' has an unfinished {}",
                                             operation.worktree.str(), operation.what))
        .hint(operation.removed ? "git quemsi gc    settles it"
                                : "git quemsi status    settles it, in that worktree");
  }
}

/// A writer at work keeps its packs; what is unused then goes with the next delete.
std::uint64_t remove_unused_packs(Project& project) {
  Catalogue& catalogue = project.catalogue();
  if (catalogue.unused_packs().empty()) return 0;
  try {
    return project.store().remove_packs(
        [&](const PackInfo& pack) {
          const std::vector<PackInfo> unused = catalogue.unused_packs();
          const bool dead = std::any_of(unused.begin(), unused.end(), [&](const PackInfo& other) {
            return other.name == pack.name;
          });
          if (dead) catalogue.remove_pack(pack.name);
          return dead;
        },
        longest_wait_for_writers);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::busy) throw;
    project.notice("its space is freed by the next delete: the store is being written to");
    return 0;
  }
}

}  // namespace

Snapshot tag_snapshot(Project& project, const std::string& snapshot, const std::string& tag) {
  check_tag(tag);
  const OperationLock lock(project);
  const Snapshot found = resolve_snapshot(project, snapshot);
  project.catalogue().add_tag(found.id, tag);
  return changed(project, found.id);
}

Snapshot describe_snapshot(Project& project, const std::string& snapshot, const std::string& text) {
  const OperationLock lock(project);
  const Snapshot found = resolve_snapshot(project, snapshot);
  project.catalogue().set_description(found.id, text);
  return changed(project, found.id);
}

DeletePlan plan_delete(Project& project, const std::string& snapshot) {
  project.require_trust();
  DeletePlan plan{resolve_snapshot(project, snapshot), {}};
  const std::vector<Owner> owners = project.catalogue().owners();
  for (const Tip& tip : project.catalogue().tips()) {
    const bool is_live = std::any_of(owners.begin(), owners.end(),
                                     [&](const Owner& owner) { return owner.branch == tip.key; });
    if (tip.snapshot == plan.snapshot.id && !is_live) plan.branches.push_back(tip.branch);
  }
  return plan;
}

DeleteResult delete_snapshot(Project& project, const std::string& snapshot) {
  project.require_trust();
  const StartWorkerAtEnd worker(project);
  const OperationLock lock(project);
  reconcile_locked(project);
  require_nothing_unfinished(project);
  const Snapshot found = resolve_snapshot(project, snapshot);
  if (found.pending) {
    throw Error(ErrorKind::busy, "the snapshot is still being read from the database")
        .hint("git quemsi status    tells when it is done");
  }
  take_from_worker(project, image_ids(found));
  project.catalogue().transaction([&] { remove_rows(project, found); });
  return {found, remove_unused_packs(project)};
}

}  // namespace quemsi
