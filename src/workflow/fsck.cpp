#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "workflow/live.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/quarantine.hpp"
#include "workflow/rebuild.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/tasks.hpp"
#include "workflow/worker_lock.hpp"

namespace quemsi {
namespace {

/// Empty when the catalogue can be used.
std::vector<std::string> catalogue_damage(Project& project) {
  if (lacks_catalogue(project)) return {"it is missing or half rebuilt"};
  try {
    return project.catalogue().check();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::corrupt) throw;
    return {error.what()};
  }
}

/// Packs that something is wrong with, and where the report says so.
using BadPacks = std::map<std::string, std::vector<std::size_t>>;

/// Reads every byte. After a repair
/// nothing new counts on a damaged chunk, though it has the right id.
BadPacks check_packs(Project& project, bool repair, FsckReport& report, Progress& progress) {
  BadPacks bad;
  for (const StoreFinding& finding : project.store().check(progress)) {
    bad[finding.pack].push_back(report.findings.size());
    if (repair && finding.chunk) project.catalogue().remove_chunk(*finding.chunk, finding.pack);
    const std::string chunk = finding.chunk ? " chunk " + finding.chunk->hex().substr(0, 16) : "";
    report.findings.push_back(
        {.what = fmt::format("pack {}{}: {}", finding.pack, chunk, finding.what)});
  }
  return bad;
}

/// Packs that are there and not in the index, and the reverse. While a pinned view is being
/// read, a pack that is not in the index may be one that is about to be entered.
void check_index(Project& project, bool repair, FsckReport& report, BadPacks& bad) {
  const auto at_rest = project.store().hold_packs_alone(std::chrono::milliseconds(0));
  std::set<std::string> indexed;
  for (const PackInfo& pack : project.catalogue().packs()) indexed.insert(pack.name);
  std::set<std::string> present;
  project.store().scan(
      [&](const PackInfo& pack, std::span<const PackEntry> entries) {
        present.insert(pack.name);
        if (indexed.contains(pack.name) || !at_rest) return;
        const bool entered = repair && !bad.contains(pack.name);
        if (entered) project.catalogue().add_pack(pack, entries);
        // A repair that was killed had taken it out of the index, and goes on with it now.
        if (const auto damaged = bad.find(pack.name); damaged != bad.end()) {
          damaged->second.push_back(report.findings.size());
        }
        report.findings.push_back(
            {.what = fmt::format("pack {} is not in the index", pack.name), .repaired = entered});
      },
      [&](const StoreFinding& finding) { present.insert(finding.pack); });
  report.packs = present.size();
  for (const std::string& name : indexed) {
    if (present.contains(name)) continue;
    bad[name].push_back(report.findings.size());
    report.findings.push_back({.what = fmt::format("pack {} is missing", name)});
  }
}

bool needs_any(const Image& image, const BadPacks& packs) {
  return std::any_of(image.packs.begin(), image.packs.end(),
                     [&](const std::string& pack) { return packs.contains(pack); });
}

bool seal_is_good(Project& project, const Image& image, const BadPacks& bad) {
  if (!needs_any(image, bad)) return true;
  try {
    project.store().verify_image(*image.manifest, no_progress());
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::corrupt) throw;
    return false;
  }
}

class SnapshotCheck {
 public:
  SnapshotCheck(Project& project, bool repair, FsckReport& report, const BadPacks& bad)
      : project_(project), repair_(repair), report_(report), bad_(bad) {
    if (!project.configured()) return;
    for (const std::string& name : database_names(project)) {
      for (const ParkedInfo& info : project.database(name).list_parked()) {
        parked_.insert(info.name.str());
      }
      databases_.insert(name);
    }
  }

  void check(const std::vector<Snapshot>& snapshots) {
    for (const Snapshot& snapshot : snapshots) {
      for (const Image& image : snapshot.images) {
        if (image.manifest && is_parked(image)) recoverable_.insert(*image.manifest);
      }
    }
    for (const Snapshot& snapshot : snapshots) check(snapshot);
  }

  /// Whose content is parked, for themselves or for an image that holds the same.
  [[nodiscard]] const std::set<ChunkId>& recoverable() const { return recoverable_; }

 private:
  void check(const Snapshot& snapshot) {
    ++report_.snapshots;
    for (const Image& image : snapshot.images) check_image(snapshot, image);
  }

  [[nodiscard]] bool is_parked(const Image& image) const {
    return image.parked &&
           (!databases_.contains(image.database) || parked_.contains(image.parked->str()));
  }

  void check_image(const Snapshot& snapshot, const Image& image) {
    const bool parked = is_parked(image);
    const bool sealed = image.manifest && seal_is_good(project_, image, bad_);
    if (image.parked && !parked) forget_parked(snapshot, image);
    if (image.manifest && !sealed && parked) seal_again(snapshot, image);
    if (sealed || parked || (image.manifest && recoverable_.contains(*image.manifest))) return;
    report_.findings.push_back({.what = fmt::format("snapshot {}: database '{}' cannot be restored",
                                                    snapshot.id.str(), image.database),
                                .lost = {snapshot.id}});
  }

  void forget_parked(const Snapshot& snapshot, const Image& image) {
    if (repair_) project_.catalogue().set_parked(image.id, std::nullopt);
    report_.findings.push_back({.what = fmt::format("snapshot {}: the parked copy of '{}' is gone",
                                                    snapshot.id.str(), image.database),
                                .repaired = repair_});
  }

  void seal_again(const Snapshot& snapshot, const Image& image) {
    if (repair_) {
      project_.catalogue().clear_seal(image.id);
      add_task(project_, task_seal, image.id.str());
    }
    report_.findings.push_back(
        {.what = fmt::format("snapshot {}: the seal of '{}' is damaged, its parked copy is not",
                             snapshot.id.str(), image.database),
         .repaired = repair_});
  }

  Project& project_;
  bool repair_;
  FsckReport& report_;
  const BadPacks& bad_;
  std::set<std::string> parked_;
  std::set<std::string> databases_;
  std::set<ChunkId> recoverable_;
};

/// The owner record went with the catalogue: HEAD's branch, and everything counts
/// as changed.
void take_up_again(Project& project) {
  if (project.configured() && project.trust().trusts(project.config())) set_up_owner(project);
}

void quarantine(Project& project, const BadPacks& bad, const std::set<ChunkId>& recoverable,
                FsckReport& report) {
  std::set<std::string> names;
  for (const auto& [name, findings] : bad) names.insert(name);
  for (const std::string& name : quarantine_packs(project, names, recoverable)) {
    for (const std::size_t finding : bad.at(name)) report.findings[finding].repaired = true;
  }
}

FsckReport damaged(const std::vector<std::string>& damage) {
  FsckReport report;
  for (const std::string& what : damage) {
    report.findings.push_back({.what = "the catalogue is damaged: " + what});
  }
  return report;
}

}  // namespace

FsckReport fsck(Project& project, bool repair, Progress& progress) {
  FsckReport report;
  {
    const FileLock at_rest = keep_worker_away(project, progress);
    const OperationLock lock(project);
    const std::vector<std::string> damage = catalogue_damage(project);
    if (!damage.empty() && !repair) return damaged(damage);
    if (!damage.empty()) {
      rebuild_catalogue(project, report);
      take_up_again(project);
      finish_rebuild(project);
    }
    report.snapshots = 0;
    if (project.configured()) {
      project.require_trust();
      reconcile_locked(project);
    }
    BadPacks bad = check_packs(project, repair, report, progress);
    check_index(project, repair, report, bad);
    SnapshotCheck check(project, repair, report, bad);
    check.check(project.catalogue().snapshots());
    if (repair) quarantine(project, bad, check.recoverable(), report);
    if (project.configured()) adopt_unknown_copies(project, repair, report);
  }
  // Without a configuration it would fail at tasks that other worktrees can do.
  start_worker(project);
  return report;
}

}  // namespace quemsi
