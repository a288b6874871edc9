// Damaged packs leave the store where nothing is lost by it.
#pragma once

#include <set>
#include <string>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Takes those of the `bad` packs out of the store whose every image has `recoverable` content (by
/// manifest): some parked copy of it is there, to be sealed anew from; queues those seals. What
/// was in the packs stays beside the store, in `damaged/`. Returns the names of those that left.
std::set<std::string> quarantine_packs(Project& project, const std::set<std::string>& bad,
                                       const std::set<ChunkId>& recoverable);

}  // namespace quemsi
