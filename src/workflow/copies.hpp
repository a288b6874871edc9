// Parked copies in the making: known to the journal before they exist, so that a
// killed process leaves none behind that nobody knows.
#pragma once

#include <vector>

#include "quemsi/workflow.hpp"
#include "workflow/tasks.hpp"
#include "workflow/worktree_databases.hpp"

namespace quemsi {

/// Writes down that these copies are about to be made; returns the entry's id,
/// to be removed in the transaction that makes the catalogue name them.
std::int64_t announce_copies(Project& project, const std::vector<ParkedCopy>& copies);
/// The same of another worktree's databases, beside which they are.
std::int64_t announce_copies(Project& project, const WorktreeDatabases& databases,
                             const std::vector<ParkedCopy>& copies);

/// A journal entry's payload for these copies.
std::string copies_payload(const std::vector<ParkedCopy>& copies);

/// Drops those that the catalogue does not name, and the entry.
void discard_copies(Project& project, std::int64_t entry, const std::vector<ParkedCopy>& copies);
void discard_copies(Project& project, WorktreeDatabases& databases, std::int64_t entry,
                    const std::vector<ParkedCopy>& copies);

/// As discard_copies, while the error that is the reason for it is on its way: what cannot be
/// dropped now stays in the journal, for the next command.
void try_to_discard_copies(Project& project, std::int64_t entry,
                           const std::vector<ParkedCopy>& copies);

/// After a crash: as discard_copies, from the entry itself, of the worktree whose databases these
/// are.
std::string recover_copies(Project& project, WorktreeDatabases& databases,
                           const JournalEntry& entry);

/// Whether they are written down as being made, by anybody.
bool is_announced(Project& project, const ParkedCopy& copy);

/// As it is without parked copies that somebody has removed behind our back, where the store has
/// the image. Looks only.
Snapshot without_missing_copies(Project& project, Snapshot snapshot);

/// Takes these out of the catalogue. False when none of the snapshot's was missing.
bool forget_missing_copies(Project& project, const Snapshot& snapshot);

/// Kinds of journal entries: copies that a command makes, and those that the worker
/// makes, which only a worker cleans up.
inline constexpr std::string_view journal_copies = "copies";
inline constexpr std::string_view journal_worker_copies = "worker-copies";

}  // namespace quemsi
