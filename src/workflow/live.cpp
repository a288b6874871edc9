#include "workflow/live.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace quemsi {
namespace {

Error moved(const std::string& name, const std::string& before, const std::string& now) {
  return Error(ErrorKind::config, fmt::format("database '{}' is not where it was", name))
      .cause(fmt::format("was {}, is {}", before, now))
      .hint("git quemsi trust    takes the new one up");
}

Error taken(const std::string& name, const WorktreeId& by) {
  return Error(ErrorKind::config,
               fmt::format("database '{}' belongs to the worktree '{}'", name, by.str()))
      .hint(
          "give this worktree a database of its own in .quemsi.local.yml, then: git quemsi trust");
}

/// Neither there nor in the base: nothing that could be kept.
bool is_absent(Project& project, const Owner& owner, const std::string& database) {
  const std::optional<Snapshot> base = base_snapshot(project, owner);
  return base && find_image(*base, database) == nullptr &&
         !project.database(database).probe().exists;
}

}  // namespace

std::vector<std::string> database_names(Project& project) {
  std::vector<std::string> names;
  for (const DatabaseSpec& spec : project.config().databases) names.push_back(spec.name);
  return names;
}

std::map<std::string, std::string> locations(Project& project) {
  std::map<std::string, std::string> result;
  for (const std::string& name : database_names(project)) {
    result[name] = project.database(name).location();
  }
  return result;
}

std::optional<Error> location_conflict(Project& project, const Owner& owner) {
  const std::vector<Owner> owners = project.catalogue().owners();
  for (const auto& [name, location] : locations(project)) {
    const auto recorded = owner.locations.find(name);
    if (recorded != owner.locations.end() && recorded->second != location) {
      return moved(name, recorded->second, location);
    }
    for (const Owner& other : owners) {
      const bool same = std::any_of(other.locations.begin(), other.locations.end(),
                                    [&](const auto& entry) { return entry.second == location; });
      if (!same || other.worktree == owner.worktree) continue;
      // What a removed worktree had, whoever comes first may have.
      if (project.repository().has_worktree(other.worktree)) return taken(name, other.worktree);
    }
  }
  return std::nullopt;
}

Owner require_owner(Project& project) {
  std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  if (!owner) {
    throw Error(ErrorKind::user, "git-quemsi is not set up in this worktree")
        .hint("git quemsi install");
  }
  if (std::optional<Error> conflict = location_conflict(project, *owner)) throw *conflict;
  return *owner;
}

bool is_dirty(Project& project, const Owner& owner, const std::string& database) {
  const auto token = owner.tokens.find(database);
  if (!owner.base) return true;
  if (token == owner.tokens.end()) return !is_absent(project, owner, database);
  return !project.database(database).unchanged_since(token->second);
}

bool any_dirty(Project& project, const Owner& owner) {
  const std::vector<std::string> names = database_names(project);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return is_dirty(project, owner, name); });
}

const Image* find_image(const Snapshot& snapshot, const std::string& database) {
  const auto found = std::find_if(snapshot.images.begin(), snapshot.images.end(),
                                  [&](const Image& image) { return image.database == database; });
  return found == snapshot.images.end() ? nullptr : &*found;
}

std::optional<Snapshot> base_snapshot(Project& project, const Owner& owner) {
  if (!owner.base) return std::nullopt;
  return project.catalogue().snapshot(*owner.base);
}

std::string branch_for_humans(const Owner& owner) {
  return owner.branch_name.empty() ? "no branch" : owner.branch_name;
}

}  // namespace quemsi
