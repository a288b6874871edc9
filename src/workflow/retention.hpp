// Which snapshots that nobody asked for are worth keeping.
#pragma once

#include <vector>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Of `newest_first`, the automatic ones that `retention` asks for no longer, branch by branch.
/// Never one that has a tag, nor one of the last 24 hours or of the future: clocks go wrong.
std::vector<Snapshot> beyond_retention(const std::vector<Snapshot>& newest_first,
                                       const Retention& retention, Timestamp now);

/// True when `days` have passed since.
bool is_past(Timestamp since, std::uint64_t days, Timestamp now);

}  // namespace quemsi
