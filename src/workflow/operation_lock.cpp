#include "workflow/operation_lock.hpp"

#include "workflow/state_folder.hpp"

namespace quemsi {
namespace {

/// 0: there is none.
ino_t inode_of(const std::filesystem::path& file) {
  const auto found = stat_if_exists(file);
  return found ? found->st_ino : 0;
}

FileLock take(Project& project) {
  make_state_folder(project);
  const ino_t before = inode_of(project.catalogue_file());
  FileLock lock = FileLock::lock(
      project.state_dir() / "operation.lock", LockMode::exclusive, project.options().lock_wait,
      [&project] { project.notice("waiting for another git-quemsi command to finish"); });
  // While we waited, a repair may have put another catalogue into the place of the one we know.
  if (inode_of(project.catalogue_file()) != before) project.forget_catalogue();
  return lock;
}

}  // namespace

OperationLock::OperationLock(Project& project) : lock_(take(project)) {}

}  // namespace quemsi
