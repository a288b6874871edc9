// What nobody needs any more, as far as the catalogue knows.
#pragma once

#include <vector>

#include "quemsi/upkeep.hpp"

namespace quemsi {

struct Garbage {
  std::vector<Snapshot> snapshots;
  std::vector<Tip> tips;  ///< of branches that were deleted
  std::vector<TemporaryDatabase> temporaries;
};

/// Notes down which branches and worktrees are gone, and which are back. The caller holds the
/// operation lock.
void note_what_is_gone(Project& project);

/// Of those that were removed for longer than the grace lasts.
std::vector<Owner> removed_worktrees(Project& project);

/// What is gone, and not yet for longer than that. What nobody has noted down is gone since now.
std::vector<WaitingForGrace> waiting_for_grace(Project& project);

/// Looks only. Nothing that a branch stands at, a live database is based on, `undo` goes back to,
/// a commit is linked to or a temporary database is of. `going`: worktrees that need nothing more.
Garbage find_garbage(Project& project, const std::vector<Owner>& going);

}  // namespace quemsi
