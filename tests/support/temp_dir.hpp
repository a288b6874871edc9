// A folder that a test has for itself.
#pragma once

#include <filesystem>

namespace quemsi::test {

/// Made under the system's temporary folder, or under another one, with a space in its name;
/// removed with all its contents on destruction.
class TempDir {
 public:
  TempDir();
  explicit TempDir(const std::filesystem::path& parent);
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace quemsi::test
