// What `undo` takes back: an operation as the catalogue's history keeps it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quemsi/workflow.hpp"

namespace quemsi {

struct LastOperation {
  std::string what;                    ///< "switch from main to hotfix"
  SnapshotId before;                   ///< what was live before it
  std::vector<std::string> databases;  ///< that it moved
};

/// A history entry's payload.
std::string to_payload(const LastOperation& operation);

/// None when that worktree has none.
std::optional<LastOperation> last_operation(Project& project, const WorktreeId& worktree);
/// Of this worktree.
std::optional<LastOperation> last_operation(Project& project);

}  // namespace quemsi
