// The databases of worktrees that were removed: what they hold is kept as a snapshot, then they go.
#pragma once

#include <vector>

#include "quemsi/upkeep.hpp"

namespace quemsi {

/// Looks only.
std::vector<RetiredWorktree> plan_retirement(Project& project, const std::vector<Owner>& removed);

/// Takes as long as sealing does. The caller keeps the worker away and does not hold the operation
/// lock. What cannot be reached or is in use stays, and so does its owner record then. Throws
/// Error(cancelled), and nothing else for what is wrong with a database.
std::vector<RetiredWorktree> retire(Project& project, const std::vector<Owner>& removed,
                                    Progress& progress);

}  // namespace quemsi
