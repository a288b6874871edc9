// An exchange of all databases of a worktree whose process was killed between two swaps.
#pragma once

#include "quemsi/workflow.hpp"

namespace quemsi {

/// The journal entry of a switch to `target` that was killed after `done` swaps. Returns what it
/// would have kept, which is in no catalogue yet.
Snapshot leave_half_done(Project& project, const Snapshot& target, std::size_t done);

}  // namespace quemsi
