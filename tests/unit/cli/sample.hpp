// Snapshots to print.
#pragma once

#include <chrono>

#include "quemsi/workflow.hpp"

namespace quemsi::test {

inline const Timestamp sample_time{std::chrono::seconds(1772368496)};  // 2026-03-01T12:34:56Z

/// Of one database "app", 12 MiB, tagged "baseline", on main, sealed and not parked.
Snapshot sample_snapshot();
RestoreStep sample_step();

}  // namespace quemsi::test
