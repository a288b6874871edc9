// Possession of a file, proven by the kernel (fcntl(2), "Leases").
#pragma once

#include <filesystem>
#include <optional>

#include "engine/sqlite/files.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {

/// Granted only while nobody else has the file open; whoever opens it then waits
/// until the lease is given back. An idle connection without a log holds no lock,
/// so no lock can prove what a lease does.
class Lease {
 public:
  /// None when somebody has it open, we included, or where there are no leases.
  static std::optional<Lease> take(const std::filesystem::path& file);
  ~Lease();
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// False once somebody waits to open it.
  [[nodiscard]] bool untouched() const;
  [[nodiscard]] const FileIdentity& identity() const noexcept { return identity_; }
  [[nodiscard]] const Fd& fd() const noexcept { return fd_; }

 private:
  Lease(Fd fd, const FileIdentity& identity) : fd_(std::move(fd)), identity_(identity) {}
  Fd fd_;
  FileIdentity identity_;
};

}  // namespace quemsi::sqlite_engine
