#include "workflow/operation_lock.hpp"

#include "workflow/state_folder.hpp"

namespace quemsi {
namespace {

FileLock take(Project& project) {
  make_state_folder(project);
  return FileLock::lock(
      project.state_dir() / "operation.lock", LockMode::exclusive, project.options().lock_wait,
      [&project] { project.notice("waiting for another git-quemsi command to finish"); });
}

}  // namespace

OperationLock::OperationLock(Project& project) : lock_(take(project)) {}

}  // namespace quemsi
