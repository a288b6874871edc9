#include "workflow/warm.hpp"

#include <algorithm>
#include <set>

#include "workflow/copies.hpp"
#include "workflow/last_operation.hpp"
#include "workflow/live.hpp"
#include "workflow/operation_lock.hpp"

namespace quemsi {
namespace {

/// Of so many branches, the ones that were used last, a spent copy is made again. Of the others it
/// is kept as long as there is room.
constexpr std::size_t recent_branches = 3;

struct Wanted {
  std::vector<Image> ready;  ///< to be made again, most wanted first
  std::vector<Image> kept;   ///< not to be made, and not to be evicted
};

/// What is live already need not be parked as well, unless it was asked for by name.
bool is_live(Project& project, const Snapshot& snapshot) {
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  return owner && owner->base == snapshot.id && snapshot.kind != SnapshotKind::manual;
}

/// Where branches stand, the one that was used last first. Several may stand at the same.
std::vector<Snapshot> snapshots_of_branches(Project& project) {
  Catalogue& catalogue = project.catalogue();
  std::set<std::string> ids;
  for (const Tip& tip : catalogue.tips()) ids.insert(tip.snapshot.str());
  std::vector<Snapshot> found;
  for (const std::string& id : ids) {
    std::optional<Snapshot> snapshot = catalogue.snapshot(SnapshotId(id));
    const bool counts = snapshot && !snapshot->pending && !is_live(project, *snapshot);
    if (counts) found.push_back(std::move(*snapshot));
  }
  std::ranges::sort(found, std::ranges::greater(), &Snapshot::serial);
  return found;
}

/// Newest manual snapshots, what `undo` brings back, where recent branches stand.
std::vector<Snapshot> snapshots_to_have_ready(Project& project, std::vector<Snapshot>& branches) {
  Catalogue& catalogue = project.catalogue();
  std::vector<Snapshot> wanted = catalogue.snapshots(
      {.kind = SnapshotKind::manual, .limit = static_cast<std::size_t>(project.config().warm)});
  if (const auto last = last_operation(project)) {
    std::optional<Snapshot> before = catalogue.snapshot(last->before);
    if (before && !before->pending) wanted.push_back(std::move(*before));
  }
  const auto recent = static_cast<std::ptrdiff_t>(std::min(branches.size(), recent_branches));
  std::move(branches.begin(), branches.begin() + recent, std::back_inserter(wanted));
  branches.erase(branches.begin(), branches.begin() + recent);
  return wanted;
}

/// Of configured databases, and each once.
std::vector<Image> images_of(Project& project, const std::vector<Snapshot>& snapshots,
                             std::set<std::string>& seen) {
  const std::vector<std::string> names = database_names(project);
  std::vector<Image> images;
  for (const Snapshot& snapshot : snapshots) {
    if (is_live(project, snapshot)) continue;
    for (const Image& image : snapshot.images) {
      const bool configured = std::find(names.begin(), names.end(), image.database) != names.end();
      if (configured && seen.insert(image.id.str()).second) images.push_back(image);
    }
  }
  return images;
}

Wanted wanted_images(Project& project) {
  std::vector<Snapshot> branches = snapshots_of_branches(project);
  const std::vector<Snapshot> ready = snapshots_to_have_ready(project, branches);
  std::set<std::string> seen;
  Wanted wanted;
  wanted.ready = images_of(project, ready, seen);
  wanted.kept = images_of(project, branches, seen);
  return wanted;
}

bool is_wanted(const Wanted& wanted, const Image& image) {
  const auto is_it = [&](const Image& other) { return other.id == image.id; };
  return std::ranges::any_of(wanted.ready, is_it) || std::ranges::any_of(wanted.kept, is_it);
}

std::vector<Image> parked_now(Project& project) {
  std::vector<Image> parked;
  for (const std::string& name : database_names(project)) {
    const std::vector<Image> some = project.catalogue().parked_images(name);
    parked.insert(parked.end(), some.begin(), some.end());
  }
  return parked;
}

std::uint64_t total_bytes(const std::vector<Image>& images) {
  std::uint64_t total = 0;
  for (const Image& image : images) total += image.bytes;
  return total;
}

/// The catalogue forgets the copy first; the drop itself is a task of its own.
void evict(Project& project, const Image& image) {
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    catalogue.set_parked(image.id, std::nullopt);
    add_drop(project, image.database, *image.parked);
  });
}

void evict_what_is_not_wanted(Project& project, const Wanted& wanted) {
  std::vector<Image> parked = parked_now(project);
  std::uint64_t total = total_bytes(parked);
  const std::uint64_t budget = project.config().parked_budget;
  for (const bool spare_wanted : {true, false}) {
    for (Image& image : parked) {
      const bool evictable = image.parked && image.manifest;
      const bool keep = spare_wanted ? is_wanted(wanted, image) : total <= budget;
      if (!evictable || keep) continue;
      evict(project, image);
      total -= image.bytes;
      image.parked.reset();
    }
  }
}

/// Materialising takes long, so it is done without the operation lock; the copy
/// counts only if the image still wants one afterwards.
void park_again(Project& project, const Image& image, Progress& progress) {
  const ParkedCopy copy{image.database, parked_name(new_image_id())};
  Catalogue& catalogue = project.catalogue();
  const std::int64_t journal = catalogue.write_journal({.worktree = project.repository().worktree(),
                                                        .kind = std::string(journal_worker_copies),
                                                        .payload = copies_payload({copy}),
                                                        .started_at = project.now()});
  Database& database = project.database(image.database);
  try {
    const std::unique_ptr<ImageSource> source = project.store().read_image(*image.manifest);
    database.materialise(*source, copy.name, progress);
  } catch (...) {
    try_to_discard_copies(project, journal, {copy});
    throw;
  }
  const OperationLock lock(project);
  catalogue.transaction([&] {
    const std::optional<Image> now = catalogue.image(image.id);
    if (now && !now->parked) {
      catalogue.set_parked(image.id, copy.name);
    } else {
      add_drop(project, copy.database, copy.name);
    }
    catalogue.remove_journal(journal);
  });
}

}  // namespace

void warm_and_evict(Project& project, Progress& progress) {
  Wanted wanted;
  {
    const OperationLock lock(project);
    wanted = wanted_images(project);
    evict_what_is_not_wanted(project, wanted);
  }
  std::uint64_t total = total_bytes(parked_now(project));
  for (const Image& image : wanted.ready) {
    progress.check_cancelled();
    const bool fits = total + image.bytes <= project.config().parked_budget;
    if (image.parked || !image.manifest || !fits) continue;
    park_again(project, image, progress);
    total += image.bytes;
  }
}

void recover_worker_copies(Project& project) {
  WorktreeDatabases ours(project);
  for (const JournalEntry& entry : project.catalogue().journal()) {
    if (entry.worktree != ours.worktree() || entry.kind != journal_worker_copies) continue;
    recover_copies(project, ours, entry);
  }
}

}  // namespace quemsi
