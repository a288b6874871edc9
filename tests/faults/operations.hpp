// The operations that faults are injected into, and what each may leave.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "faults/world.hpp"

namespace quemsi::test {

/// Kept for as long as the operation runs: an application, a lock.
using Bystander = std::shared_ptr<void>;

struct Operation {
  std::string name;
  std::string verb;  ///< of the git-quemsi process that is hit
  Words command;
  std::function<Bystander(World&)> arrange;
  /// After the fault, `status` and the background work: throws unless the state is
  /// a legal one, and brings the world back to main with its own state.
  std::function<void(World&)> require_legal;
};

const std::vector<Operation>& operations();

/// After whatever has befallen the operation: the next commands bring order, and every row is
/// there. Empty when everything is as it must be.
std::string problem_after(const Operation& operation, World& world);

}  // namespace quemsi::test
