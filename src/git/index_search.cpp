#include "git/index_search.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "util/fd.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t header_size = 12;
constexpr std::size_t last_byte_of_version = 7;
constexpr char last_with_whole_paths = 3;

bool has_whole_paths(std::string_view index) {
  return index.size() >= header_size && index.starts_with("DIRC") &&
         index[last_byte_of_version] <= last_with_whole_paths;
}

/// What is left of one that was split counts, too.
bool is_split(const fs::path& git_dir) {
  return std::ranges::any_of(fs::directory_iterator(git_dir), [](const fs::directory_entry& entry) {
    return entry.path().filename().string().starts_with("sharedindex.");
  });
}

}  // namespace

bool may_be_in_index(const fs::path& git_dir, std::string_view path) {
  const std::optional<std::string> index = read_text_file_if_exists(git_dir / "index");
  if (!index) return false;
  if (!has_whole_paths(*index) || is_split(git_dir)) return true;
  return index->find(path) != std::string::npos;
}

}  // namespace quemsi
