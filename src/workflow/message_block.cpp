#include <algorithm>

#include "workflow/links.hpp"
#include "workflow/live.hpp"

namespace quemsi {
namespace {

bool is_progress(const Snapshot& snapshot) {
  return snapshot.kind == SnapshotKind::manual || snapshot.kind == SnapshotKind::imported;
}

/// Back through what each was based on: what was taken on the branch, then what it began with.
void add_ancestry(Project& project, const Owner& owner, MessageBlock& block) {
  std::optional<Snapshot> each = block.current;
  std::optional<Snapshot> oldest;
  while (each && each->branch_key == owner.branch) {
    if (is_progress(*each)) block.progress.push_back(*each);
    oldest = each;
    each = each->parent ? project.catalogue().snapshot(*each->parent) : std::nullopt;
  }
  block.baseline = each ? each : oldest;
  std::reverse(block.progress.begin(), block.progress.end());
  if (!each && !block.progress.empty() && oldest && block.progress.front().id == oldest->id) {
    block.progress.erase(block.progress.begin());
  }
}

}  // namespace

MessageBlock message_block(Project& project) {
  project.require_trust();
  const Owner owner = require_owner(project);
  MessageBlock block{.branch = owner.branch_name};
  block.current = base_snapshot(project, owner);
  block.dirty = any_dirty(project, owner);
  add_ancestry(project, owner, block);
  for (const Snapshot& snapshot : block.progress) block.trailers.push_back(trailer_of(snapshot));
  const bool named = std::any_of(
      block.progress.begin(), block.progress.end(),
      [&](const Snapshot& snapshot) { return block.current && snapshot.id == block.current->id; });
  if (block.current && !named) block.trailers.push_back(trailer_of(*block.current));
  return block;
}

}  // namespace quemsi
