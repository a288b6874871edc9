#include "engine/sqlite/lease.hpp"

#include <fcntl.h>

#include <csignal>

#include "engine/sqlite/holders.hpp"

namespace quemsi::sqlite_engine {

std::optional<Lease> Lease::take(const std::filesystem::path& file) {
  const auto identity = identity_of(file);
  // Opening and closing it here would drop SQLite's locks on it.
  if (!identity || own_descriptor(*identity)) return std::nullopt;
  auto fd = open_if_exists(file, O_RDONLY);
  if (!fd) return std::nullopt;
  // The kernel tells the holder when somebody waits; the default signal, SIGIO,
  // would end the process, this one is ignored unless asked for.
  if (fcntl(fd->get(), F_SETSIG, SIGURG) != 0 || fcntl(fd->get(), F_SETLEASE, F_WRLCK) != 0) {
    return std::nullopt;
  }
  const struct stat info = stat_of(*fd, file);
  return Lease(std::move(*fd), FileIdentity{info.st_dev, info.st_ino});
}

Lease::~Lease() {
  if (fd_) fcntl(fd_.get(), F_SETLEASE, F_UNLCK);
}

bool Lease::untouched() const { return fcntl(fd_.get(), F_GETLEASE) == F_WRLCK; }

}  // namespace quemsi::sqlite_engine
