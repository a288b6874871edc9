// Automatic snapshots of what is live, and the schema that a snapshot has.
#pragma once

#include <optional>
#include <string>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// A checkpoint that the owner's branch then stands at, without waiting for a copy: instant
/// copies, else a pin that is read in the background. None when no database exists. The caller
/// holds the operation lock.
std::optional<Snapshot> take_checkpoint(Project& project, const Owner& owner,
                                        std::string description, Progress& progress);

/// Of all live databases together.
std::string live_schema(Project& project);

/// Notes down which schema the snapshot has, if it is what is live right now.
void remember_schema(Project& project, const SnapshotId& snapshot);

}  // namespace quemsi
