// The catalogue again, from what the packs say of themselves.
#pragma once

#include "quemsi/upkeep.hpp"

namespace quemsi {

/// Moves the damaged catalogue aside and makes a new one. Appends what was found
/// and done. The caller holds the operation lock, and says when it is complete.
void rebuild_catalogue(Project& project, FsckReport& report);
void finish_rebuild(Project& project);

/// There while a rebuild is under way, or was killed: until it is complete there is no catalogue.
std::filesystem::path rebuild_marker(Project& project);

/// Parked copies that no image and no temporary database names become snapshots
/// of their own (kind imported): they may be the only copy of something.
void adopt_unknown_copies(Project& project, bool repair, FsckReport& report);
/// Of one copy, not yet entered.
Snapshot snapshot_of_copy(Project& project, const std::string& database, const ParkedInfo& info,
                          SnapshotKind kind, std::string description);
/// One of those, under a description.
void adopt_copy(Project& project, const std::string& database, const ParkedInfo& info,
                const std::string& description);
/// Whether a snapshot, a temporary database, a task or the journal names it.
bool is_known_copy(Project& project, const std::string& database, const ParkedName& name);

}  // namespace quemsi
