#include "workflow/arrange.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "workflow/last_operation.hpp"
#include "workflow/link_text.hpp"
#include "workflow/live.hpp"

namespace quemsi {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A commit is linked to it.
bool is_linked(Project& project, const SnapshotId& id) {
  return std::ranges::any_of(project.repository().notes(), [&](const auto& note) {
    return std::ranges::count(linked_ids(note.second), id) > 0;
  });
}

/// Somebody has a copy of it at hand, or may go back to it.
bool is_in_use(Project& project, const Owner& owner, const SnapshotId& id) {
  Catalogue& catalogue = project.catalogue();
  return std::ranges::count(catalogue.temporaries(), id, &TemporaryDatabase::snapshot) > 0 ||
         std::ranges::any_of(catalogue.owners(), [&](const Owner& other) {
           if (other.worktree == owner.worktree) return false;
           const auto last = last_operation(project, other.worktree);
           return other.base == id || (last && last->before == id);
         });
}

/// Nothing but the branches that change hands stands at the snapshot.
bool is_unreferenced(Project& project, const Owner& owner, const ExchangeRequest& request) {
  const SnapshotId& id = request.target.id;
  Catalogue& catalogue = project.catalogue();
  const std::vector<Tip> tips = catalogue.tips();
  const bool other_tip = std::any_of(tips.begin(), tips.end(), [&](const Tip& tip) {
    const bool changes_hands =
        tip.key == owner.branch || (request.branch && tip.key == request.branch->key);
    return tip.snapshot == id && !changes_hands;
  });
  return !other_tip && !is_in_use(project, owner, id) && !is_linked(project, id);
}

bool may_absorb(Project& project, const Owner& owner, const ExchangeRequest& request) {
  const Snapshot& target = request.target;
  const bool automatic =
      target.kind == SnapshotKind::checkpoint || target.kind == SnapshotKind::safety;
  const std::vector<std::string> configured = database_names(project);
  const bool whole =
      std::all_of(target.images.begin(), target.images.end(), [&](const Image& image) {
        return image.parked && contains(configured, image.database) &&
               project.database(image.database).probe().exists;
      });
  return request.absorb && automatic && whole && target.tags.empty() &&
         is_unreferenced(project, owner, request);
}

/// Live provably holds the target's content already.
bool is_same(const Snapshot* base, const Image& image, bool dirty) {
  if (dirty || base == nullptr || !image.manifest) return false;
  const Image* current = find_image(*base, image.database);
  return current != nullptr && current->manifest == image.manifest;
}

Means choose_means(const Arranged& arranged, bool absorbs, Content content) {
  const Image& image = arranged.image;
  if (!image.parked) return Means::materialise;
  const bool expendable = image.manifest || absorbs;
  return expendable && arranged.had_live && content == Content::all ? Means::swap : Means::clone;
}

Error nothing_to_restore(const Snapshot& snapshot) {
  Error error(ErrorKind::user,
              fmt::format("snapshot {} holds none of the configured databases", snapshot.id.str()));
  for (const Image& image : snapshot.images) error.cause("it holds '" + image.database + "'");
  return error.hint("git quemsi config    lists the configured ones");
}

}  // namespace

std::string_view to_string(Means means) {
  switch (means) {
    case Means::keep:
      return "keep";
    case Means::swap:
      return "swap";
    case Means::clone:
      return "clone";
    case Means::materialise:
      return "materialise";
  }
  return "keep";
}

Arrangement arrange(Project& project, const Owner& owner, const ExchangeRequest& request) {
  const std::optional<Snapshot> base = base_snapshot(project, owner);
  Arrangement arrangement;
  const bool unsealed = std::any_of(request.target.images.begin(), request.target.images.end(),
                                    [](const Image& image) { return !image.manifest; });
  arrangement.absorbs = unsealed && may_absorb(project, owner, request);
  for (const std::string& name : database_names(project)) {
    const Image* image = find_image(request.target, name);
    const bool wanted = request.databases.empty() || contains(request.databases, name);
    if (image == nullptr || !wanted) {
      arrangement.left_alone.push_back(name);
      continue;
    }
    Database& database = project.database(name);
    Arranged arranged{*image, Means::keep, is_dirty(project, owner, name), database.probe().exists,
                      database.display()};
    const bool same = request.content == Content::all && arranged.had_live &&
                      is_same(base ? &*base : nullptr, *image, arranged.dirty);
    if (!same) arranged.means = choose_means(arranged, arrangement.absorbs, request.content);
    arrangement.databases.push_back(std::move(arranged));
  }
  if (arrangement.databases.empty()) throw nothing_to_restore(request.target);
  return arrangement;
}

std::vector<RestoreStep> describe(const Arrangement& arrangement) {
  std::vector<RestoreStep> steps;
  for (const Arranged& arranged : arrangement.databases) {
    steps.push_back({.database = arranged.image.database,
                     .target = arranged.target,
                     .means = arranged.means,
                     .bytes = arranged.image.bytes,
                     .dirty = arranged.dirty && arranged.had_live});
  }
  return steps;
}

}  // namespace quemsi
