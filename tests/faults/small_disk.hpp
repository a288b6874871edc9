// A disk that can be filled. Needs the right to mount (see CMakeLists.txt).
#pragma once

#include <cstddef>
#include <filesystem>

#include "support/temp_dir.hpp"

namespace quemsi::test {

/// A file system of its own, gone with the process.
class SmallDisk {
 public:
  explicit SmallDisk(std::size_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_.path(); }
  /// Leaves so many bytes free.
  void fill_up_to(std::size_t left) const;
  void make_room() const;

 private:
  [[nodiscard]] std::size_t room() const;
  [[nodiscard]] std::filesystem::path ballast() const { return path() / "ballast"; }
  TempDir folder_;
};

}  // namespace quemsi::test
