// One command or hook at a time per repository.
#pragma once

#include "quemsi/workflow.hpp"
#include "util/file_lock.hpp"

namespace quemsi {

/// Held while an operation changes what is live, or what the catalogue says of it.
/// The worker does not hold it: it touches parked copies only.
class OperationLock {
 public:
  /// Waits up to the project's `lock_wait`, saying so once; throws Error(busy).
  explicit OperationLock(Project& project);

 private:
  FileLock lock_;
};

}  // namespace quemsi
