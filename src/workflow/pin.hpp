// Snapshots of databases that are too large to copy in an instant: a process of
// its own holds a consistent view and reads it into the store, while the
// application goes on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quemsi/workflow.hpp"
#include "workflow/operation_lock.hpp"

namespace quemsi {

/// Starts the process and returns once every view is held. The snapshot is
/// pending until its images are sealed. The caller holds the operation lock.
Snapshot pin_snapshot(Project& project, const Owner& owner, Snapshot snapshot,
                      const std::vector<std::string>& databases, Content content);

/// The same in this process, for who can wait: returns when the snapshot is sealed.
/// `lock` is let go once every view is held. When it throws there is no snapshot.
Snapshot read_snapshot(Project& project, const Owner& owner, Snapshot snapshot,
                       const std::vector<std::string>& databases, Content content,
                       std::optional<OperationLock>& lock, Progress& progress);

/// For a pending snapshot whose process is gone: takes it again when live has not
/// changed since, or says what is lost. Returns the line.
std::string recover_pin(Project& project, const Snapshot& snapshot);

/// True while the process that reads the pin lives.
bool is_being_read(Project& project, const Snapshot& snapshot);

}  // namespace quemsi
