#include "workflow/links.hpp"

#include <algorithm>
#include <cctype>

#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr std::string_view note_key = "snapshot: ";
constexpr std::size_t id_length = 16;

bool starts_with_key(std::string_view line, std::string_view key) {
  return line.size() > key.size() && line[key.size()] == ':' &&
         std::equal(key.begin(), key.end(), line.begin(), [](unsigned char a, unsigned char b) {
           return std::tolower(a) == std::tolower(b);
         });
}

bool is_id(const std::string& text) {
  return text.size() == id_length && looks_like_id_prefix(text);
}

/// Safety snapshots are what somebody did away with: nothing of a commit's.
bool is_usable(const Snapshot& snapshot) {
  return !snapshot.pending && snapshot.kind != SnapshotKind::safety;
}

std::optional<Snapshot> newest(std::vector<Snapshot> found) {
  std::erase_if(found, [](const Snapshot& snapshot) { return !is_usable(snapshot); });
  const auto best = std::max_element(
      found.begin(), found.end(),
      [](const Snapshot& a, const Snapshot& b) { return a.created_at < b.created_at; });
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

std::string link_line(const Snapshot& snapshot) {
  std::string line = std::string(note_key) + snapshot.id.str();
  if (!snapshot.tags.empty()) line += " " + snapshot.tags.front();
  return line;
}

std::vector<SnapshotId> linked_ids(const std::vector<std::string>& lines) {
  std::vector<SnapshotId> ids;
  for (const std::string& line : lines) {
    if (!line.starts_with(note_key)) continue;
    const std::string id = line.substr(note_key.size(), id_length);
    if (is_id(id)) ids.emplace_back(id);
  }
  return ids;
}

std::string reference_to(const Snapshot& snapshot) {
  return snapshot.tags.empty() ? snapshot.id.str() : snapshot.tags.front();
}

std::string trailer_of(const Snapshot& snapshot) {
  return std::string(trailer_key) + ": " + reference_to(snapshot);
}

std::vector<std::string> trailer_values(std::string_view message) {
  std::vector<std::string> values;
  for (const std::string& line : split(message, '\n')) {
    if (!starts_with_key(line, trailer_key)) continue;
    const std::string_view value = trim(std::string_view(line).substr(trailer_key.size() + 1));
    if (!value.empty()) values.emplace_back(value);
  }
  return values;
}

std::optional<Snapshot> find_reference(Project& project, const std::string& reference) {
  Catalogue& catalogue = project.catalogue();
  if (const auto tagged = catalogue.snapshot_by_tag(reference)) return catalogue.snapshot(*tagged);
  return is_id(reference) ? catalogue.snapshot(SnapshotId(reference)) : std::nullopt;
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
