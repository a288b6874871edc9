// A linked worktree gets databases of its own, and leaves nothing behind.
#pragma once

#include <optional>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Fills databases that do not exist yet: with what this worktree's branch stands at, else with
/// what is live in the main worktree. None when there is nothing to fill, or nothing to fill it
/// with. The worktree is adopted already.
std::optional<Snapshot> fill_new_worktree(Project& project, Progress& progress);

/// Forgets owners whose worktrees git no longer knows: what they hold is free to be taken up.
void forget_removed_worktrees(Project& project);

}  // namespace quemsi
