#include "util/disk.hpp"

namespace quemsi {

std::optional<std::uint64_t> free_space(const std::filesystem::path& path) {
  std::error_code failed;
  for (std::filesystem::path at = path;; at = at.parent_path()) {
    const std::filesystem::space_info space = std::filesystem::space(at, failed);
    if (!failed) return space.available;
    const bool missing = failed == std::errc::no_such_file_or_directory;
    if (!missing || at == at.parent_path()) return std::nullopt;
  }
}

}  // namespace quemsi
