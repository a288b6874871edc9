#include "workflow/operation_lock.hpp"

namespace quemsi {
namespace {

FileLock take(Project& project) {
  std::filesystem::create_directories(project.state_dir());
  return FileLock::lock(
      project.state_dir() / "operation.lock", LockMode::exclusive, project.options().lock_wait,
      [&project] { project.notice("waiting for another git-quemsi command to finish"); });
}

}  // namespace

OperationLock::OperationLock(Project& project) : lock_(take(project)) {}

}  // namespace quemsi
