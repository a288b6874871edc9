// Finishing or undoing what a killed process left.
#pragma once

#include <string>
#include <vector>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// The caller holds the operation lock. Reports each thing done through the
/// project's notice, and returns them.
std::vector<std::string> reconcile_locked(Project& project);

/// Cheap: true when a killed process may have left something.
bool needs_reconciling(Project& project);

}  // namespace quemsi
