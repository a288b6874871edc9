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

Fd open_lock(const std::filesystem::path& folder) {
  return Fd(open((folder / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}

/// False when somebody else has it, or has cleaned the folder away.
bool take(const Fd& lock, const std::filesystem::path& folder) {
  return flock(lock.get(), LOCK_EX | LOCK_NB) == 0 && stat_of(lock, folder).st_nlink > 0;
}

}  // namespace

Workspace::Workspace(const std::filesystem::path& parent) {
  clean(parent);
  while (!lock_) {
    std::string name = (parent / (std::string(prefix) + "XXXXXX")).string();
    if (mkdtemp(name.data()) == nullptr) throw_errno(errno, "make a folder in", parent);
    folder_ = name;
    lock_ = open_lock(folder_);
    if (!lock_ && errno != ENOENT) throw_errno(errno, "make", folder_ / lock_name);
    if (lock_ && !take(lock_, folder_)) lock_ = Fd();
  }
}

Workspace::Workspace(Workspace&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), lock_(std::move(other.lock_)) {}

Workspace::~Workspace() {
  if (folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Workspace::clean(const std::filesystem::path& parent) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(parent, error), end; !error && it != end;
       it.increment(error)) {
    if (!it->path().filename().string().starts_with(prefix)) continue;
    // One without a lock as well: its maker was killed before, or the power was cut. A maker that
    // is about to take the lock finds it taken, and makes another folder.
    const Fd lock = open_lock(it->path());
    std::error_code ignored;
    if (lock && take(lock, it->path())) std::filesystem::remove_all(it->path(), ignored);
  }
}

}  // namespace quemsi::sqlite_engine
