#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "quemsi/workflow.hpp"
#include "util/clock.hpp"
#include "util/text.hpp"
#include "workflow/links.hpp"

namespace quemsi {
namespace {

constexpr std::size_t longest_tag = 200;
constexpr std::size_t id_length = 16;

/// How a text was understood; there may be two ways.
struct Candidate {
  SnapshotId id;
  FoundBy by;
  std::optional<CommitId> commit = {};
  std::size_t steps = 0;
};

std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

/// Safety snapshots are what was there before the last restore: `undo` is for them.
std::optional<SnapshotId> latest(Project& project) {
  for (const Snapshot& snapshot : project.catalogue().snapshots()) {
    if (snapshot.kind != SnapshotKind::safety) return snapshot.id;
  }
  return std::nullopt;
}

std::optional<SnapshotId> branch_tip(Project& project, const std::string& name) {
  const BranchKeys keys = project.repository().branch_keys();
  const auto key = keys.by_branch.find(name);
  if (key == keys.by_branch.end()) return std::nullopt;
  const std::optional<Tip> tip = project.catalogue().tip(key->second);
  if (!tip) return std::nullopt;
  return tip->snapshot;
}

std::optional<Candidate> at_commit(Project& project, const std::string& text) {
  const std::optional<CommitId> commit = project.repository().resolve_commit(text);
  if (!commit) return std::nullopt;
  const std::optional<SnapshotMatch> link = nearest_link(project, *commit);
  if (link) return Candidate{link->snapshot.id, link->by, link->commit, link->steps};
  throw Error(ErrorKind::user,
              fmt::format("no snapshot is linked to {} or to an ancestor of it", text))
      .hint("git quemsi list    shows what there is");
}

/// By name first, then by id, and by commit only when nothing else fits.
std::vector<Candidate> candidates(Project& project, const std::string& text) {
  Catalogue& catalogue = project.catalogue();
  std::vector<Candidate> found;
  if (const auto tagged = catalogue.snapshot_by_tag(text)) found.push_back({*tagged, FoundBy::tag});
  if (const auto tip = branch_tip(project, text)) found.push_back({*tip, FoundBy::branch});
  if (found.empty() && looks_like_id_prefix(text)) {
    for (const SnapshotId& id : catalogue.snapshots_by_prefix(text)) {
      found.push_back({id, FoundBy::id});
    }
  }
  if (found.empty()) {
    if (const auto at = at_commit(project, text)) found.push_back(*at);
  }
  return found;
}

[[noreturn]] void throw_ambiguous(Project& project, const std::string& text,
                                  const std::vector<Candidate>& found) {
  Error error(ErrorKind::user, fmt::format("'{}' is ambiguous", text));
  for (const Candidate& candidate : found) {
    const std::optional<Snapshot> snapshot = project.catalogue().snapshot(candidate.id);
    const std::string tags = snapshot ? join(snapshot->tags, ", ") : "";
    const std::string age = snapshot ? format_age(snapshot->created_at, project.now()) : "";
    error.cause(
        fmt::format("{} ({}) {} {}", candidate.id.str(), to_string(candidate.by), tags, age));
  }
  throw error.hint("name it by its id");
}

[[noreturn]] void throw_unknown(Project& project, const std::string& text) {
  std::vector<std::string> names = project.catalogue().tags();
  for (const Tip& tip : project.catalogue().tips()) names.push_back(tip.branch);
  const std::vector<std::string> near = nearest(text, names);
  Error error(ErrorKind::user, fmt::format("there is no snapshot '{}'", text));
  if (!near.empty()) error.hint("did you mean: " + join(near, ", "));
  throw error.hint("git quemsi list    shows all of them");
}

Candidate find(Project& project, const std::string& text) {
  if (text == "latest") {
    if (const std::optional<SnapshotId> id = latest(project)) return {*id, FoundBy::latest};
    throw Error(ErrorKind::user, "there is no snapshot yet").hint("git quemsi snapshot");
  }
  const std::vector<Candidate> found = candidates(project, text);
  if (found.empty()) throw_unknown(project, text);
  const bool one = std::all_of(found.begin(), found.end(), [&](const Candidate& candidate) {
    return candidate.id == found.front().id;
  });
  if (!one) throw_ambiguous(project, text, found);
  return found.front();
}

Error bad_tag(const std::string& why) {
  return Error(ErrorKind::user, why).hint("git quemsi snapshot my-tag -m \"what it is\"");
}

}  // namespace

void check_tag(const std::string& tag) {
  if (trim(tag).empty()) throw bad_tag("a tag cannot be empty");
  if (!is_valid_utf8(tag)) throw bad_tag("a tag must be UTF-8");
  if (has_control_characters(tag))
    throw bad_tag("a tag cannot hold a newline or control characters");
  if (letters(tag) > longest_tag) {
    throw bad_tag(
        fmt::format("a tag can be {} characters long, this has {}", longest_tag, letters(tag)));
  }
  if (tag.front() == '-') throw bad_tag("a tag cannot start with '-'");
  if (tag == "latest") throw bad_tag("'latest' always means the newest snapshot");
  if (tag.size() == id_length && looks_like_id_prefix(tag)) {
    throw bad_tag(fmt::format("'{}' could be taken for a snapshot's id", tag));
  }
}

std::string_view to_string(FoundBy by) {
  switch (by) {
    case FoundBy::latest:
      return "latest";
    case FoundBy::tag:
      return "tag";
    case FoundBy::id:
      return "id";
    case FoundBy::branch:
      return "branch";
    case FoundBy::note:
      return "note";
    case FoundBy::trailer:
      return "trailer";
    case FoundBy::taken:
      return "taken";
  }
  return "id";
}

SnapshotMatch find_snapshot(Project& project, const std::string& text) {
  const Candidate found = find(project, text);
  std::optional<Snapshot> snapshot = project.catalogue().snapshot(found.id);
  if (!snapshot)
    throw Error(ErrorKind::corrupt, "the catalogue names a snapshot that it does not hold")
        .hint("git quemsi fsck");
  return {std::move(*snapshot), found.by, found.commit, found.steps};
}

Snapshot resolve_snapshot(Project& project, const std::string& text) {
  return find_snapshot(project, text).snapshot;
}

}  // namespace quemsi
