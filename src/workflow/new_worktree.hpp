// A linked worktree gets databases of its own.
#pragma once

#include <optional>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Fills databases that do not exist yet: with what this worktree's branch stands at, else with
/// what is live in the main worktree. None when there is nothing to fill, or nothing to fill it
/// with. The worktree is adopted already.
std::optional<Snapshot> fill_new_worktree(Project& project, Progress& progress);

}  // namespace quemsi
