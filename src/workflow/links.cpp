#include "workflow/links.hpp"

#include <algorithm>

namespace quemsi {
namespace {

/// Safety snapshots are what somebody did away with: nothing of a commit's.
bool is_usable(const Snapshot& snapshot) {
  return !snapshot.pending && snapshot.kind != SnapshotKind::safety;
}

std::optional<Snapshot> newest(std::vector<Snapshot> found) {
  std::erase_if(found, [](const Snapshot& snapshot) { return !is_usable(snapshot); });
  const auto best =
      std::max_element(found.begin(), found.end(),
                       [](const Snapshot& a, const Snapshot& b) { return a.serial < b.serial; });
  return best == found.end() ? std::nullopt : std::optional(std::move(*best));
}

std::optional<Snapshot> by_note(Project& project, const Commit& commit) {
  std::vector<Snapshot> found;
  for (const SnapshotId& id : linked_ids(project.repository().note(commit.id))) {
    if (auto snapshot = project.catalogue().snapshot(id)) found.push_back(std::move(*snapshot));
  }
  return newest(std::move(found));
}

std::optional<Snapshot> by_trailer(Project& project, const Commit& commit) {
  std::vector<Snapshot> found;
  for (const std::string& value : trailer_values(commit.message)) {
    if (auto snapshot = find_reference(project, value)) found.push_back(std::move(*snapshot));
  }
  return newest(std::move(found));
}

}  // namespace

std::optional<Snapshot> find_reference(Project& project, const std::string& reference) {
  Catalogue& catalogue = project.catalogue();
  if (const auto tagged = catalogue.snapshot_by_tag(reference)) return catalogue.snapshot(*tagged);
  return is_snapshot_id(reference) ? catalogue.snapshot(SnapshotId(reference)) : std::nullopt;
}

std::optional<SnapshotMatch> link_of(Project& project, const Commit& commit) {
  if (auto snapshot = by_note(project, commit)) {
    return SnapshotMatch{std::move(*snapshot), FoundBy::note, commit.id};
  }
  if (auto snapshot = by_trailer(project, commit)) {
    return SnapshotMatch{std::move(*snapshot), FoundBy::trailer, commit.id};
  }
  if (auto snapshot = newest(project.catalogue().snapshots_at(commit.id))) {
    return SnapshotMatch{std::move(*snapshot), FoundBy::taken, commit.id};
  }
  return std::nullopt;
}

std::optional<SnapshotMatch> nearest_link(Project& project, const CommitId& commit) {
  std::optional<SnapshotMatch> found;
  project.repository().walk_ancestors(commit, [&](const Commit& each, std::size_t steps) {
    found = link_of(project, each);
    if (found) found->steps = steps;
    return found.has_value();
  });
  return found;
}

}  // namespace quemsi
