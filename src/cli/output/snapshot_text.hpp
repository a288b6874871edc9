// Snapshots for people.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/style.hpp"
#include "quemsi/workflow.hpp"

namespace quemsi::cli {

/// The first 8 letters: unique in practice, and any unique prefix is accepted.
std::string short_id(const SnapshotId& id);
/// "klmnopqr (baseline, seed)"
std::string label(const Snapshot& snapshot);
/// "app, logs; 12.0 MiB"
std::string contents(const Snapshot& snapshot);
std::uint64_t total_bytes(const Snapshot& snapshot);

struct ListView {
  std::optional<SnapshotId> base;  ///< gets a star
  Timestamp now{};
  std::size_t width = 0;  ///< of the terminal; 0: no limit
};
std::string list_text(const std::vector<Snapshot>& snapshots, const ListView& view,
                      const Style& style);
/// "linked to ancestor 12ab34cd56, 2 commits back, by its note"; empty where the name says it.
std::string found_text(const SnapshotMatch& match);
std::string show_text(const Snapshot& snapshot, Timestamp now, const Style& style);

}  // namespace quemsi::cli
