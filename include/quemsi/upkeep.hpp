// What keeps a repository's snapshots sound and few: doctor, fsck, gc. As in workflow.hpp, each
// holds the operation lock while it changes something.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/finding.hpp"
#include "quemsi/workflow.hpp"

namespace quemsi {

// -- Doctor ---------------------------------------------------------------------

/// One thing that `doctor` has looked at.
struct Diagnosis {
  std::string subject;               ///< "git", "hooks", "database app", ...
  std::optional<Severity> severity;  ///< none: as it should be
  std::string what;
  std::vector<std::string> causes;
  std::vector<std::string> remedies;  ///< commands to type, statements for the server
};
/// Looks at everything that snapshots and switches depend on; changes nothing. What is wrong is in
/// the list, never thrown.
std::vector<Diagnosis> doctor(Project& project);

// -- Fsck -----------------------------------------------------------------------

struct FsckFinding {
  std::string what;
  bool repaired = false;
  std::vector<SnapshotId> lost;  ///< snapshots that cannot be restored because of it
};
struct FsckReport {
  std::uint64_t snapshots = 0;
  std::uint64_t packs = 0;
  std::vector<FsckFinding> findings;
};
/// Reads every byte of the store. `repair` rebuilds the catalogue from the packs,
/// the old file being kept beside.
FsckReport fsck(Project& project, bool repair, Progress& progress);

// -- Garbage collection ---------------------------------------------------------

/// What becomes of a database that a worktree had.
enum class Fate {
  gone,     ///< with the worktree's folder, or by somebody
  dropped,  ///< what it held is kept as a snapshot
  left,     ///< where it is
};
std::string_view to_string(Fate fate);
struct RetiredDatabase {
  std::string name;
  std::string location;  ///< Database::location()
  Fate fate = Fate::gone;
  std::string problem;  ///< why it is left
  bool again = false;   ///< the next gc tries once more
};
/// A worktree that was removed, longer ago than the grace lasts.
struct RetiredWorktree {
  WorktreeId worktree;
  std::vector<RetiredDatabase> databases;
  std::optional<Snapshot> kept;  ///< a checkpoint of what they held, if that was not kept before
};
/// A deleted branch, or a removed worktree that had databases of its own: what it had stays as long
/// as the grace lasts, in case it comes back.
struct WaitingForGrace {
  GoneKind kind = GoneKind::branch;
  std::string name;
  Timestamp until{};  ///< from then on gc removes what it had
};
/// A command was killed, and nobody has finished or taken back yet what it did.
struct UnfinishedOperation {
  WorktreeId worktree;
  std::string what;      ///< switch, restore, undo; else "command"
  bool removed = false;  ///< the worktree: gc itself settles it
  std::string problem;   ///< why gc could not; empty when it has not tried
};
/// What was removed, or would be.
struct GcReport {
  std::vector<Snapshot> snapshots;
  std::vector<Tip> branches;  ///< that were deleted: what they had is no longer kept for them
  std::vector<RetiredWorktree> worktrees;
  std::vector<TemporaryDatabase> temporaries;
  std::vector<WaitingForGrace> waiting;
  std::vector<UnfinishedOperation> unfinished;  ///< for their sake no snapshot is removed
  std::size_t packs = 0;
  std::uint64_t freed_bytes = 0;  ///< in the store
  bool complete = true;           ///< false: somebody was at work in the store for too long
};
/// Looks only.
GcReport plan_gc(Project& project);
/// Removes automatic snapshots beyond `retention`, what deleted branches and removed worktrees
/// had, old temporary databases, and chunks that no snapshot needs.
GcReport gc(Project& project, Progress& progress);

}  // namespace quemsi
