// Housekeeping by itself.
#pragma once

#include "quemsi/upkeep.hpp"

namespace quemsi {

/// As gc(), once a day at most: by the worker, which waits for nobody that is at work in the store.
void collect_when_due(Project& project);

}  // namespace quemsi
