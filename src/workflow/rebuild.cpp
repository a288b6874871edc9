#include "workflow/rebuild.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "util/atomic_file.hpp"
#include "util/clock.hpp"
#include "util/fd.hpp"
#include "workflow/capture.hpp"
#include "workflow/copies.hpp"
#include "workflow/live.hpp"
#include "workflow/snapshot_json.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

struct Record {
  Snapshot snapshot;
  ChunkLocation location;
  std::int64_t written_at = 0;
};

void move_aside(Project& project, FsckReport& report) {
  const std::filesystem::path file = project.catalogue_file();
  std::filesystem::path aside;
  for (int n = 1; aside.empty() || std::filesystem::exists(aside); ++n) {
    aside = fmt::format("{}.damaged-{}", file.string(), n);
  }
  project.forget_catalogue();
  // Main file last: killed in between, the next repair still finds it damaged.
  for (const char* suffix : {"-wal", "-shm", ""}) {
    const std::filesystem::path from = file.string() + suffix;
    if (std::filesystem::exists(from)) rename_durably(from, aside.string() + suffix);
  }
  report.findings.push_back(
      {.what = fmt::format("the damaged catalogue was kept as {}", aside.string()),
       .repaired = true});
}

std::optional<Record> read_record(Project& project, const ChunkLocation& location,
                                  FsckReport& report) {
  try {
    const nlohmann::json json =
        nlohmann::json::parse(project.store().read_record(location.entry.id));
    return Record{snapshot_from_json(json.at("snapshot")), location,
                  json.at("written_at").get<std::int64_t>()};
  } catch (const Error& error) {
    report.findings.push_back({.what = error.what()});
  } catch (const nlohmann::json::exception& error) {
    report.findings.push_back({.what = std::string("a record cannot be read: ") + error.what()});
  }
  return std::nullopt;
}

std::vector<ChunkLocation> index_packs(Project& project, FsckReport& report) {
  std::vector<ChunkLocation> records;
  project.store().scan(
      [&](const PackInfo& pack, std::span<const PackEntry> entries) {
        project.catalogue().add_pack(pack, entries);
        ++report.packs;
        for (const PackEntry& entry : entries) {
          if (entry.kind == ChunkKind::record) records.push_back({pack.name, entry});
        }
      },
      [&](const StoreFinding& finding) {
        report.findings.push_back({.what = finding.pack + ": " + finding.what});
      });
  return records;
}

/// Tags and descriptions change: the newest record of a snapshot counts.
std::map<std::string, Record> newest_records(Project& project, FsckReport& report) {
  std::map<std::string, Record> newest;
  for (const ChunkLocation& location : index_packs(project, report)) {
    std::optional<Record> record = read_record(project, location, report);
    if (!record) continue;
    const std::string id = record->snapshot.id.str();
    const auto known = newest.find(id);
    if (known == newest.end()) {
      newest.emplace(id, std::move(*record));
    } else if (known->second.written_at < record->written_at) {
      known->second = std::move(*record);
    }
  }
  return newest;
}

/// As they were taken: each after its parent, whatever the clock said, else by time.
std::vector<Record> in_order(const std::map<std::string, Record>& records) {
  std::vector<const Record*> by_time;
  by_time.reserve(records.size());
  for (const auto& [id, record] : records) by_time.push_back(&record);
  std::ranges::sort(by_time, {}, [](const Record* record) { return record->snapshot.created_at; });
  std::set<std::string> done;
  std::vector<Record> ordered;
  for (const Record* next : by_time) {
    std::vector<const Record*> line;
    while (next != nullptr && done.insert(next->snapshot.id.str()).second) {
      line.push_back(next);
      const std::optional<SnapshotId>& parent = next->snapshot.parent;
      const auto found = parent ? records.find(parent->str()) : records.end();
      next = found == records.end() ? nullptr : &found->second;
    }
    for (; !line.empty(); line.pop_back()) ordered.push_back(*line.back());
  }
  return ordered;
}

void insert_all(Project& project, const std::map<std::string, Record>& records,
                FsckReport& report) {
  std::vector<Record> ordered = in_order(records);
  Catalogue& catalogue = project.catalogue();
  for (Record& record : ordered) {
    Snapshot& snapshot = record.snapshot;
    if (snapshot.parent && !catalogue.snapshot(*snapshot.parent)) snapshot.parent.reset();
    std::erase_if(snapshot.tags, [&](const std::string& tag) {
      return catalogue.snapshot_by_tag(tag).has_value();
    });
    catalogue.transaction([&] {
      catalogue.insert_snapshot(snapshot);
      catalogue.set_record(snapshot.id, record.location.entry.id, record.location.pack);
      // What somebody did away with is no place for a branch to stand at.
      if (snapshot.branch_key && snapshot.kind != SnapshotKind::safety) {
        catalogue.set_tip({*snapshot.branch_key, snapshot.branch, snapshot.id});
      }
    });
    ++report.snapshots;
  }
}

}  // namespace

std::filesystem::path rebuild_marker(Project& project) {
  return project.state_dir() / "catalogue.rebuilding";
}

void finish_rebuild(Project& project) {
  project.catalogue().checkpoint();
  remove_file(rebuild_marker(project));
}

void rebuild_catalogue(Project& project, FsckReport& report) {
  AtomicFile(rebuild_marker(project), 0600).commit();
  move_aside(project, report);
  const std::map<std::string, Record> records = newest_records(project, report);
  insert_all(project, records, report);
  report.findings.push_back(
      {.what =
           fmt::format("the catalogue was rebuilt from the packs: {} snapshots", records.size()),
       .repaired = true});
}

bool is_known_copy(Project& project, const std::string& database, const ParkedName& name) {
  const std::vector<Image> parked = project.catalogue().parked_images(database);
  const std::vector<TemporaryDatabase> temporaries = project.catalogue().temporaries();
  const std::vector<Task> tasks = project.catalogue().tasks();
  return std::any_of(parked.begin(), parked.end(),
                     [&](const Image& image) { return image.parked == name; }) ||
         std::any_of(temporaries.begin(), temporaries.end(),
                     [&](const TemporaryDatabase& item) { return parked_name(item.id) == name; }) ||
         std::any_of(
             tasks.begin(), tasks.end(),
             [&](const Task& task) {
               return task.kind == task_drop && task.subject == to_subject({database, name});
             }) ||
         is_announced(project, {database, name});
}

Snapshot snapshot_of_copy(Project& project, const std::string& database, const ParkedInfo& info,
                          SnapshotKind kind, std::string description) {
  const Owner owner{.worktree = project.repository().worktree()};
  Snapshot snapshot = new_snapshot(project, owner, kind);
  snapshot.description = std::move(description);
  Image image = new_image(project, database, Content::all);
  image.parked = info.name;
  image.bytes = info.bytes;
  snapshot.images.push_back(std::move(image));
  return snapshot;
}

void adopt_copy(Project& project, const std::string& database, const ParkedInfo& info,
                const std::string& description) {
  const Snapshot snapshot =
      snapshot_of_copy(project, database, info, SnapshotKind::imported, description);
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    catalogue.insert_snapshot(snapshot);
    add_missing_tasks(project);
  });
}

void adopt_unknown_copies(Project& project, bool repair, FsckReport& report) {
  for (const std::string& name : database_names(project)) {
    for (const ParkedInfo& info : project.database(name).list_parked()) {
      if (is_known_copy(project, name, info.name)) continue;
      if (repair) {
        adopt_copy(project, name, info,
                   fmt::format("found by fsck: {} of '{}'", info.name.str(), name));
      }
      report.findings.push_back(
          {.what = fmt::format("parked copy {} of '{}' belongs to no snapshot{}", info.name.str(),
                               name, repair ? ": it is one of its own now" : ""),
           .repaired = repair});
    }
  }
}

}  // namespace quemsi
