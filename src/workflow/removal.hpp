// Taking a snapshot out.
#pragma once

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Row first, parked copies after: a copy without a row is only in the way, a row without its copy
/// would be a loss. Call it inside a transaction; the worker drops the copies.
void remove_rows(Project& project, const Snapshot& snapshot);

}  // namespace quemsi
