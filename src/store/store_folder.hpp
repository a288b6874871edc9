// What stands in the store's folder, and who may touch it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "quemsi/store.hpp"
#include "util/file_lock.hpp"

namespace quemsi {

/// packs/ holds finished packs only, tmp/ what is being written, packs.lock
/// keeps writers and a removal apart.
class StoreFolder {
 public:
  /// Creates what is missing, durably.
  explicit StoreFolder(const std::filesystem::path& root);

  [[nodiscard]] const std::filesystem::path& packs() const noexcept { return packs_; }
  [[nodiscard]] const std::filesystem::path& temporary() const noexcept { return temporary_; }
  [[nodiscard]] FileLock lock(LockMode mode, std::chrono::milliseconds wait) const;
  /// Regular files with a pack's name, sorted.
  [[nodiscard]] std::vector<PackInfo> list_packs() const;
  /// Names of what else stands in packs/, sorted.
  [[nodiscard]] std::vector<std::string> list_strangers() const;
  /// Removes what killed writers left; the caller is alone. Returns the bytes freed.
  [[nodiscard]] std::uint64_t remove_leftovers() const;

 private:
  std::filesystem::path lock_;
  std::filesystem::path packs_;
  std::filesystem::path temporary_;
};

/// A new file in `folder`, of a name that remove_leftovers() knows.
struct TemporaryFile {
  Fd fd;
  std::filesystem::path path;
};
TemporaryFile create_temporary(const std::filesystem::path& folder);

}  // namespace quemsi
