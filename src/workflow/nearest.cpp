#include "workflow/nearest.hpp"

#include "workflow/branches.hpp"
#include "workflow/links.hpp"

namespace quemsi {
namespace {

std::optional<CommitId> base_commit(Project& project, const Owner& owner) {
  if (!owner.base) return std::nullopt;
  const std::optional<Snapshot> base = project.catalogue().snapshot(*owner.base);
  return base ? base->commit : std::nullopt;
}

}  // namespace

std::string place_of(const SnapshotMatch& match) {
  return (match.steps == 0 ? "commit " : "ancestor ") +
         (match.commit ? short_id(*match.commit) : "");
}

std::optional<CommitId> live_commit(Project& project, const Owner& owner) {
  const std::string branch = present_name(project, owner);
  if (!branch.empty()) {
    if (auto commit = project.repository().resolve_commit("refs/heads/" + branch)) return commit;
  }
  return base_commit(project, owner);
}

std::optional<SnapshotMatch> nearer_than_live(Project& project, const Owner& owner) {
  const std::optional<CommitId> head = project.repository().head().commit;
  const std::optional<CommitId> live = live_commit(project, owner);
  if (!head || head == live) return std::nullopt;
  std::optional<SnapshotMatch> found;
  bool live_is_nearer = false;
  project.repository().walk_ancestors(*head, [&](const Commit& commit, std::size_t steps) {
    // All that is as near as the link is looked at.
    if (found && steps > found->steps) return true;
    live_is_nearer = commit.id == live;
    if (live_is_nearer) return true;
    if (!found && (found = link_of(project, commit))) found->steps = steps;
    return false;
  });
  if (live_is_nearer || !found || found->snapshot.id == owner.base) return std::nullopt;
  return found;
}

}  // namespace quemsi
