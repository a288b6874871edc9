// Which parked copies are worth their space.
#pragma once

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Evicts sealed parked copies that nobody is likely to need, then those beyond
/// the budget, least recently used first; parks again the tips of branches and the
/// newest manual snapshots while the budget allows it.
void warm_and_evict(Project& project, Progress& progress);

/// What a killed worker left half made.
void recover_worker_copies(Project& project);

}  // namespace quemsi
