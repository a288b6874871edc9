// A private folder for files in the making. What a killed process leaves is
// removed by the next one.
#pragma once

#include <filesystem>

#include "util/fd.hpp"

namespace quemsi::sqlite_engine {

/// Lives in the folder that its files are to be renamed into.
class Workspace {
 public:
  explicit Workspace(const std::filesystem::path& parent);
  ~Workspace();
  Workspace(Workspace&& other) noexcept;
  Workspace& operator=(Workspace&&) = delete;
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  [[nodiscard]] std::filesystem::path file(const char* name) const { return folder_ / name; }

  /// Removes the folders of processes that are gone.
  static void clean(const std::filesystem::path& parent);

 private:
  std::filesystem::path folder_;
  Fd lock_;  ///< the kernel lets go of it with the process, however that ends
};

}  // namespace quemsi::sqlite_engine
