#include "workflow/copies.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "workflow/live.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

bool is_named(Project& project, const ParkedCopy& copy) {
  Catalogue& catalogue = project.catalogue();
  const std::vector<Image> parked = catalogue.parked_images(copy.database);
  if (std::any_of(parked.begin(), parked.end(),
                  [&](const Image& image) { return image.parked == copy.name; })) {
    return true;
  }
  const std::vector<TemporaryDatabase> temporaries = catalogue.temporaries();
  return std::any_of(temporaries.begin(), temporaries.end(), [&](const TemporaryDatabase& item) {
    return parked_name(item.id) == copy.name;
  });
}

std::vector<ParkedCopy> parse(const std::string& payload) {
  std::vector<ParkedCopy> copies;
  try {
    const nlohmann::json list = nlohmann::json::parse(payload);
    for (const nlohmann::json& subject : list) {
      copies.push_back(parse_parked_copy(subject.get<std::string>()));
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::corrupt, "an entry of the journal cannot be read").cause(error.what());
  }
  return copies;
}

}  // namespace

std::string copies_payload(const std::vector<ParkedCopy>& copies) {
  nlohmann::json list = nlohmann::json::array();
  for (const ParkedCopy& copy : copies) list.push_back(to_subject(copy));
  return list.dump();
}

std::int64_t announce_copies(Project& project, const std::vector<ParkedCopy>& copies) {
  return announce_copies(project, WorktreeDatabases(project), copies);
}

std::int64_t announce_copies(Project& project, const WorktreeDatabases& databases,
                             const std::vector<ParkedCopy>& copies) {
  return project.catalogue().write_journal({.worktree = databases.worktree(),
                                            .kind = std::string(journal_copies),
                                            .payload = copies_payload(copies),
                                            .started_at = project.now()});
}

void discard_copies(Project& project, std::int64_t entry, const std::vector<ParkedCopy>& copies) {
  WorktreeDatabases ours(project);
  discard_copies(project, ours, entry, copies);
}

void discard_copies(Project& project, WorktreeDatabases& databases, std::int64_t entry,
                    const std::vector<ParkedCopy>& copies) {
  for (const ParkedCopy& copy : copies) {
    if (!is_named(project, copy)) databases.get(copy.database).drop_parked(copy.name);
  }
  project.catalogue().remove_journal(entry);
}

void try_to_discard_copies(Project& project, std::int64_t entry,
                           const std::vector<ParkedCopy>& copies) {
  try {
    discard_copies(project, entry, copies);
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the first error tells more
  }
}

std::string recover_copies(Project& project, WorktreeDatabases& databases,
                           const JournalEntry& entry) {
  const std::vector<ParkedCopy> copies = parse(entry.payload);
  discard_copies(project, databases, entry.id, copies);
  return fmt::format("removed {} unfinished cop{} of an interrupted command", copies.size(),
                     copies.size() == 1 ? "y" : "ies");
}

bool is_announced(Project& project, const ParkedCopy& copy) {
  for (const JournalEntry& entry : project.catalogue().journal()) {
    if (entry.kind != journal_copies && entry.kind != journal_worker_copies) continue;
    const std::vector<ParkedCopy> copies = parse(entry.payload);
    if (std::find(copies.begin(), copies.end(), copy) != copies.end()) return true;
  }
  return false;
}

Snapshot without_missing_copies(Project& project, Snapshot snapshot) {
  const std::vector<std::string> names = database_names(project);
  for (Image& image : snapshot.images) {
    const bool configured = std::find(names.begin(), names.end(), image.database) != names.end();
    if (!configured || !image.parked || !image.manifest) continue;
    const std::vector<ParkedInfo> present = project.database(image.database).list_parked();
    const bool there = std::ranges::any_of(
        present, [&](const ParkedInfo& info) { return info.name == *image.parked; });
    if (!there) image.parked.reset();
  }
  return snapshot;
}

bool forget_missing_copies(Project& project, const Snapshot& snapshot) {
  const Snapshot present = without_missing_copies(project, snapshot);
  bool any = false;
  for (std::size_t i = 0; i < snapshot.images.size(); ++i) {
    if (present.images[i].parked == snapshot.images[i].parked) continue;
    const Image& image = snapshot.images[i];
    project.catalogue().set_parked(image.id, std::nullopt);
    // It may be there still, but hold less than it did.
    add_drop(project, image.database, *image.parked);
    any = true;
  }
  return any;
}

}  // namespace quemsi
