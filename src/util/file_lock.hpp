// flock(2) with a bounded wait. The kernel drops it when the holder dies.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

#include "util/fd.hpp"

namespace quemsi {

enum class LockMode { shared, exclusive };

/// Holds the lock until destruction. The file is created and never removed.
class FileLock {
 public:
  /// None when somebody else holds it.
  static std::optional<FileLock> try_lock(const std::filesystem::path& file, LockMode mode);
  /// Polls until it is free. `waiting` is called once, when that takes so long
  /// that a person would wonder. Throws Error(busy) after `limit`, naming the process that holds it
  /// when it wrote its pid.
  static FileLock lock(const std::filesystem::path& file, LockMode mode,
                       std::chrono::milliseconds limit, const std::function<void()>& waiting = {});

 private:
  explicit FileLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace quemsi
