// What commands left in the journal that were killed in other worktrees. A worktree settles its own
// with its next command; one that was removed has no next command, so gc does it.
#pragma once

#include <vector>

#include "quemsi/upkeep.hpp"

namespace quemsi {

/// All that is left, of this worktree too, and needs snapshots that nothing else names. Looks only.
std::vector<UnfinishedOperation> unfinished_operations(Project& project);

/// Finishes or takes back, as their own next command would have done, what was begun in worktrees
/// that do not exist any more, with the databases that they left behind. The caller holds the
/// operation lock and keeps the worker away. What is left then, with what keeps it from being
/// settled.
std::vector<UnfinishedOperation> settle_abandoned(Project& project);

}  // namespace quemsi
