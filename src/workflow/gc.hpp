// Housekeeping by itself.
#pragma once

#include "quemsi/workflow.hpp"

namespace quemsi {

/// As gc(), once a day at most, for seconds at most: by the worker, which waits for nobody.
void collect_when_due(Project& project);

}  // namespace quemsi
