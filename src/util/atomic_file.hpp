// A file that appears whole or not at all.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "util/fd.hpp"

namespace quemsi {

/// Written under a temporary name in the same folder; only commit() publishes.
/// Destroyed before that, it leaves nothing.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target, mode_t mode = 0666);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  [[nodiscard]] const Fd& fd() const noexcept { return fd_; }
  [[nodiscard]] const std::filesystem::path& temporary() const noexcept { return temporary_; }
  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  /// fdatasync, rename, sync the folder. Replaces what was there.
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  Fd fd_;
};

}  // namespace quemsi
