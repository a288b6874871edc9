#include "workflow/worktree_databases.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "workflow/live.hpp"

namespace quemsi {

WorktreeDatabases::WorktreeDatabases(Project& project)
    : project_(project), owner_{.worktree = project.repository().worktree()}, left_behind_(false) {}

WorktreeDatabases::WorktreeDatabases(Project& project, Owner removed)
    : project_(project), owner_(std::move(removed)), left_behind_(true) {}

Database& WorktreeDatabases::get(const std::string& name) {
  if (!left_behind_) return project_.database(name);
  std::unique_ptr<Database>& slot = opened_[name];
  if (!slot) slot = open_left_behind(project_, owner_, name);
  return *slot;
}

std::unique_ptr<Database> open_left_behind(Project& project, const Owner& removed,
                                           const std::string& name) {
  const auto known = removed.locations.find(name);
  std::unique_ptr<Database> database = project.database_of(removed.worktree, name);
  if (known == removed.locations.end()) {
    if (database) return database;
    throw Error(ErrorKind::config, fmt::format("where database '{}' of the worktree '{}' is, "
                                               "nothing says any more",
                                               name, removed.worktree.str()));
  }
  if (database && database->location() == known->second) return database;
  return project.open_url(
      {.name = name, .engine = EngineRegistry::engine_of_url(known->second), .url = known->second});
}

bool is_in_use_elsewhere(Project& project, const Owner& removed, const std::string& location) {
  const auto is_it = [&](const auto& entry) { return entry.second == location; };
  const std::vector<Owner> owners = project.catalogue().owners();
  return std::ranges::any_of(locations(project), is_it) ||
         std::ranges::any_of(owners, [&](const Owner& other) {
           return other.worktree != removed.worktree &&
                  project.repository().has_worktree(other.worktree) &&
                  std::ranges::any_of(other.locations, is_it);
         });
}

}  // namespace quemsi
