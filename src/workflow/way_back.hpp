// An exchange that cannot be finished is taken back.
#pragma once

#include "workflow/exchange_json.hpp"
#include "workflow/worktree_databases.hpp"

namespace quemsi {

/// Swaps back what `journalled.back` lists, each under a journal entry that knows its plan; then
/// forgets the whole. What applications may have written to what comes out becomes a safety
/// snapshot: all that is not proven by a step's `expected`.
void go_back(Project& project, WorktreeDatabases& databases, std::int64_t entry,
             JournalledExchange journalled);

}  // namespace quemsi
