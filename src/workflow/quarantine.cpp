#include "workflow/quarantine.hpp"

#include <algorithm>

#include "util/fd.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

/// A writer at work finishes one image at most.
constexpr std::chrono::seconds longest_wait_for_writers{30};

class Quarantine {
 public:
  Quarantine(Project& project, const std::set<ChunkId>& recoverable)
      : project_(project), snapshots_(project.catalogue().snapshots()), recoverable_(recoverable) {}

  /// None of the images that need the pack has its only copy there.
  bool is_dispensable(const std::string& pack) {
    return std::ranges::all_of(snapshots_, [&](const Snapshot& snapshot) {
      return std::ranges::all_of(snapshot.images, [&](const Image& image) {
        return !needs(image, pack) || (image.manifest && recoverable_.contains(*image.manifest));
      });
    });
  }

  /// Nothing counts on it any more; what did is written anew by the worker.
  void release(const std::string& pack) {
    Catalogue& catalogue = project_.catalogue();
    for (const Snapshot& snapshot : snapshots_) {
      for (const Image& image : snapshot.images) {
        // What is not parked itself has its manifest back when its twin is sealed.
        if (!needs(image, pack) || !image.parked) continue;
        catalogue.clear_seal(image.id);
        add_task(project_, task_seal, image.id.str());
      }
      if (has_record_in(snapshot, pack)) add_task(project_, task_record, snapshot.id.str());
    }
    catalogue.remove_pack(pack);
  }

 private:
  static bool needs(const Image& image, const std::string& pack) {
    return std::ranges::find(image.packs, pack) != image.packs.end();
  }

  bool has_record_in(const Snapshot& snapshot, const std::string& pack) {
    const std::optional<ChunkId> record = project_.catalogue().record(snapshot.id);
    const auto location = record ? project_.catalogue().find(*record) : std::nullopt;
    return !location || location->pack == pack;
  }

  Project& project_;
  std::vector<Snapshot> snapshots_;
  const std::set<ChunkId>& recoverable_;
};

void keep_aside(Project& project, const std::string& pack) {
  const std::filesystem::path folder = project.state_dir() / "damaged";
  std::filesystem::create_directories(folder);
  std::error_code exists;
  std::filesystem::create_hard_link(project.state_dir() / "packs" / pack, folder / pack, exists);
  sync_folder(folder);
}

}  // namespace

std::set<std::string> quarantine_packs(Project& project, const std::set<std::string>& bad,
                                       const std::set<ChunkId>& recoverable) {
  std::set<std::string> left;
  if (bad.empty()) return left;
  Quarantine quarantine(project, recoverable);
  for (const std::string& pack : bad) {
    if (!quarantine.is_dispensable(pack)) continue;
    project.catalogue().transaction([&] { quarantine.release(pack); });
    left.insert(pack);
  }
  project.store().remove_packs(
      [&](const PackInfo& pack) {
        if (!left.contains(pack.name)) return false;
        keep_aside(project, pack.name);
        return true;
      },
      longest_wait_for_writers);
  return left;
}

}  // namespace quemsi
