// Journal payloads. Written and read by one release or its successors.
#pragma once

#include <string>

#include "workflow/exchange.hpp"

namespace quemsi {

/// `back` holds the steps that are being swapped back, empty while going forward.
struct JournalledExchange {
  Exchange exchange;
  std::vector<SwapStep> back;
};

std::string to_json(const JournalledExchange& journalled);
/// Throws Error(corrupt).
JournalledExchange parse_exchange(const std::string& text, const std::string& kind);

/// Replaces entry `old` (0: none) by what is true now; returns the new id.
std::int64_t rewrite_journal(Project& project, const WorktreeId& worktree, std::int64_t old,
                             const JournalledExchange& journalled);

}  // namespace quemsi
