// Looking for SQLite files, nearest to the top first.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <string_view>
#include <system_error>
#include <utility>

#include "config/find.hpp"
#include "quemsi/error.hpp"
#include "util/fd.hpp"

namespace quemsi::config {
namespace {

namespace fs = std::filesystem;

// An application keeps its database near the top; a large tree must not make `init` slow.
constexpr int deepest_folder = 3;
constexpr std::size_t most_entries = 20'000;
constexpr std::size_t most_opened = 2'000;

bool is_skipped_folder(const std::string& name) {
  static constexpr std::array<std::string_view, 9> skipped{
      "node_modules", "vendor", "build",       "dist",    "out",
      "target",       "venv",   "__pycache__", "coverage"};
  return name.starts_with('.') || name.starts_with("build-") || name.starts_with("cmake-build-") ||
         std::find(skipped.begin(), skipped.end(), name) != skipped.end();
}

bool has_likely_name(const fs::path& file) {
  static constexpr std::array<std::string_view, 4> likely{".sqlite3", ".sqlite", ".db", ".db3"};
  return std::find(likely.begin(), likely.end(), file.extension().string()) != likely.end();
}

std::vector<fs::directory_entry> sorted_entries(const fs::path& folder, std::size_t most) {
  std::vector<fs::directory_entry> entries;
  std::error_code error;
  for (fs::directory_iterator next(folder, error), end; !error && next != end && most > 0;
       next.increment(error), --most) {
    entries.push_back(*next);
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// Breadth first; likely names before the others.
std::vector<fs::path> files_to_look_at(const fs::path& top) {
  std::vector<fs::path> files;
  std::size_t seen = 0;
  std::deque<std::pair<fs::path, int>> folders{{top, 0}};
  for (; !folders.empty(); folders.pop_front()) {
    const auto& [folder, depth] = folders.front();
    for (const fs::directory_entry& entry : sorted_entries(folder, most_entries - seen)) {
      ++seen;
      std::error_code error;
      const bool is_link = entry.is_symlink(error);
      if (entry.is_directory(error) && !is_link) {
        const bool wanted = depth < deepest_folder && !is_skipped_folder(entry.path().filename());
        if (wanted) folders.emplace_back(entry.path(), depth + 1);
      } else if (entry.is_regular_file(error)) {
        files.push_back(entry.path());
      }
    }
  }
  std::stable_partition(files.begin(), files.end(), has_likely_name);
  return files;
}

bool begins_like_sqlite(const fs::path& file) {
  static constexpr std::string_view magic{"SQLite format 3\0", 16};
  try {
    const auto fd = open_if_exists(file, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    std::array<char, 16> start{};
    return fd && read(fd->get(), start.data(), start.size()) == ssize_t{16} &&
           std::string_view(start.data(), start.size()) == magic;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::vector<DatabaseCandidate> sqlite_files(const fs::path& top) {
  std::vector<fs::path> files = files_to_look_at(top);
  if (files.size() > most_opened) files.resize(most_opened);
  std::vector<DatabaseCandidate> found;
  for (const fs::path& file : files) {
    if (!begins_like_sqlite(file)) continue;
    auto candidate = candidate_of_file(file, "an SQLite file", top);
    if (candidate) found.push_back(std::move(*candidate));
  }
  return found;
}

}  // namespace quemsi::config
