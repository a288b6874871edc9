// The core: several databases change places with parked copies, as one, whenever
// the process is killed.
//
//   plan       every engine looks and says what it needs to know afterwards
//   journal    all of it, and the intended outcome, durable
//   swap       database by database
//   apply      one transaction of the catalogue: outcome in, journal out
//
// When a swap fails, the ones before it are swapped back under a journal entry of
// their own. recover() brings whatever a killed process left to one of the ends.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "quemsi/workflow.hpp"
#include "workflow/worktree_databases.hpp"

namespace quemsi {

/// One database changes places.
struct SwapStep {
  std::string database;
  ParkedName incoming;
  ParkedName outgoing;
  bool had_live = true;   ///< false: there was no live database, so there is no way back
  std::string plan = {};  ///< the engine's; empty until it has been asked
  std::optional<Token> expected = {};  ///< live must still hold this; not journalled
};

/// A parked copy that an image gains, loses (none) or that nobody needs.
struct ParkedChange {
  ImageId image;
  std::optional<ParkedName> parked;
};

struct RedundantCopy {
  std::string database;
  ParkedName parked;
};

/// What the catalogue says once every swap is done.
struct ExchangeOutcome {
  std::optional<Snapshot> kept;  ///< of what leaves the live slot
  std::vector<ParkedChange> parked;
  std::vector<RedundantCopy> redundant;  ///< to be dropped
  std::vector<SnapshotId> absorbed;      ///< unsealed checkpoints whose content is live again
  std::vector<Tip> tips;
  Owner owner;                      ///< tokens are filled in by the swaps
  std::vector<std::string> proven;  ///< databases whose token may be believed
  std::string history;              ///< payload for undo; empty: none
};

struct Exchange {
  std::string kind;  ///< switch, restore, undo
  std::vector<SwapStep> steps;
  std::vector<RedundantCopy> made;  ///< copies made for this, dropped if it fails
  ExchangeOutcome outcome;
};

/// Carries it out. Throws, with everything as it was, when a swap cannot be done.
/// The caller holds the operation lock. `copies`: the journal entry that covered
/// the copies until now (see copies.hpp).
void carry_out(Project& project, Exchange exchange, std::int64_t copies);

/// Brings one journal entry of the worktree whose databases these are to an end. Returns a line
/// that says what was done. Throws when a database cannot be reached: the entry stays.
std::string recover(Project& project, WorktreeDatabases& databases, const JournalEntry& entry);

}  // namespace quemsi
