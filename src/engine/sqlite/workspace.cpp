#include "engine/sqlite/workspace.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace quemsi::sqlite_engine {
namespace {

/// Nobody else's: what begins like this and is not in use is removed, in whatever folder it is.
constexpr const char* prefix = ".quemsi_tmp_";
constexpr const char* lock_name = "lock";

/// Another process may clean the new folder away before its lock is taken: none then.
Fd lock_folder(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / lock_name;
  Fd fd(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd && errno != ENOENT) throw_errno(errno, "make", file);
  if (!fd || flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return {};
  return stat_of(fd, file).st_nlink > 0 ? std::move(fd) : Fd();
}

/// The lock goes last: what a power cut leaves without one is empty.
void remove_workspace(const std::filesystem::path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    if (it->path().filename() != lock_name) std::filesystem::remove_all(it->path(), ignored);
  }
  std::filesystem::remove_all(folder, error);
}

}  // namespace

Workspace::Workspace(const std::filesystem::path& parent) {
  clean(parent);
  while (!lock_) {
    std::string name = (parent / (std::string(prefix) + "XXXXXX")).string();
    if (mkdtemp(name.data()) == nullptr) throw_errno(errno, "make a folder in", parent);
    folder_ = name;
    lock_ = lock_folder(folder_);
  }
}

Workspace::Workspace(Workspace&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), lock_(std::move(other.lock_)) {}

Workspace::~Workspace() {
  if (!folder_.empty()) remove_workspace(folder_);
}

void Workspace::clean(const std::filesystem::path& parent) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(parent, error), end; !error && it != end;
       it.increment(error)) {
    if (!it->path().filename().string().starts_with(prefix)) continue;
    const Fd lock(open((it->path() / lock_name).c_str(), O_RDWR | O_CLOEXEC));
    if (!lock) {
      // Its maker was killed before it took the lock, or is about to: only an empty one goes.
      rmdir(it->path().c_str());
    } else if (flock(lock.get(), LOCK_EX | LOCK_NB) == 0) {
      remove_workspace(it->path());
    }
  }
}

}  // namespace quemsi::sqlite_engine
