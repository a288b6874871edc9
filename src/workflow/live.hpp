// What the live databases hold, compared with what the owner record says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// The owner record of this worktree. Throws Error(user) naming `git quemsi
/// install` when the worktree was not taken up yet, Error(config) when a database
/// is no longer where it was, or stands for another worktree.
Owner require_owner(Project& project);

/// Makes this worktree's owner record if it has none, and takes up where its
/// databases are now. Throws when another worktree has them. The caller holds the
/// operation lock.
void set_up_owner(Project& project);

/// Why this worktree's databases must not be touched; none when they may be.
std::optional<Error> location_conflict(Project& project, const Owner& owner);

std::vector<std::string> database_names(Project& project);

/// Name to location of every configured database.
std::map<std::string, std::string> locations(Project& project);

/// True unless the database is provably what the owner's base says.
bool is_dirty(Project& project, const Owner& owner, const std::string& database);
bool any_dirty(Project& project, const Owner& owner);

/// The image of a database in a snapshot, if it holds one.
const Image* find_image(const Snapshot& snapshot, const std::string& database);

/// The owner's base, if there is one and it is still known.
std::optional<Snapshot> base_snapshot(Project& project, const Owner& owner);

/// "main", or what stands for it in a message when no branch is owned.
std::string branch_for_humans(const Owner& owner);

}  // namespace quemsi
