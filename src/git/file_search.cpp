#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "git/environment.hpp"
#include "git/location.hpp"
#include "git/plain_config.hpp"
#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;

SearchResult unclear() { return {.finding = Finding::unclear, .location = {}}; }

/// Set, these change where git looks in ways that are git's to interpret.
bool is_redirected() {
  static constexpr std::array variables{"GIT_WORK_TREE", "GIT_COMMON_DIR",
                                        "GIT_CEILING_DIRECTORIES",
                                        "GIT_DISCOVERY_ACROSS_FILESYSTEM"};
  return std::any_of(variables.begin(), variables.end(),
                     [](const char* name) { return environment(name).has_value(); });
}

/// The path in a file of one line: `gitdir: <path>` in a `.git` file, or commondir.
std::optional<fs::path> read_pointer(const fs::path& file, std::string_view prefix) {
  const std::optional<std::string> text = read_text_file_if_exists(file);
  if (!text || !text->starts_with(prefix)) return std::nullopt;
  const fs::path target = trim(std::string_view(*text).substr(prefix.size()));
  std::error_code code;
  const fs::path real = fs::canonical(file.parent_path() / target, code);
  if (target.empty() || code) return std::nullopt;
  return real;
}

/// Settings that leave the worktree where it seems to be, in a format that we know of.
bool is_ordinary(const ConfigEntry& entry) {
  static constexpr std::array extensions{"noop",           "partialclone",       "preciousobjects",
                                         "objectformat",   "compatobjectformat", "refstorage",
                                         "worktreeconfig", "relativeworktrees"};
  if (entry.section == "extensions") {
    return std::find(extensions.begin(), extensions.end(), entry.key) != extensions.end();
  }
  if (entry.section != "core") return true;
  if (entry.key == "bare") return entry.value == "false";
  if (entry.key == "repositoryformatversion") return entry.value == "0" || entry.value == "1";
  return entry.key != "worktree";
}

bool has_ordinary_config(const fs::path& file) {
  const std::optional<std::string> text = read_text_file_if_exists(file);
  if (!text) return true;
  const auto entries = parse_plain_config(*text);
  return entries && std::all_of(entries->begin(), entries->end(), is_ordinary);
}

/// git refuses what belongs to somebody else unless safe.directory allows it.
bool is_ours(const fs::path& path) {
  const std::optional<struct stat> info = stat_if_exists(path);
  return info && info->st_uid == geteuid();
}

bool is_repository(const Location& at) {
  return fs::is_regular_file(at.git_dir / "HEAD") && fs::is_directory(at.common_dir / "objects") &&
         fs::is_directory(at.common_dir / "refs") && is_ours(at.top) && is_ours(at.top / ".git") &&
         is_ours(at.git_dir) && has_ordinary_config(at.common_dir / "config") &&
         has_ordinary_config(at.git_dir / "config.worktree");
}

SearchResult inspect(const fs::path& top) {
  const fs::path entry = top / ".git";
  Location at{.top = top, .git_dir = entry, .common_dir = {}};
  const fs::file_type type = fs::symlink_status(entry).type();
  if (type == fs::file_type::regular) {
    const std::optional<fs::path> git_dir = read_pointer(entry, "gitdir: ");
    if (!git_dir) return unclear();
    at.git_dir = *git_dir;
  } else if (type != fs::file_type::directory) {
    return unclear();
  }
  at.common_dir = at.git_dir;
  if (fs::exists(at.git_dir / "commondir")) {
    const std::optional<fs::path> common_dir = read_pointer(at.git_dir / "commondir", "");
    if (!common_dir) return unclear();
    at.common_dir = *common_dir;
  }
  if (!is_repository(at)) return unclear();
  return {Finding::repository, std::move(at)};
}

SearchResult walk_up(const fs::path& start) {
  const std::optional<struct stat> first = stat_if_exists(start);
  for (fs::path folder = start;; folder = folder.parent_path()) {
    const std::optional<struct stat> info = stat_if_exists(folder);
    if (!first || !info || info->st_dev != first->st_dev) return unclear();
    if (fs::exists(fs::symlink_status(folder / ".git"))) return inspect(folder);
    // A bare repository, or the inside of a git dir.
    if (fs::exists(folder / "HEAD")) return unclear();
    if (folder == folder.parent_path()) return {Finding::nothing, {}};
  }
}

}  // namespace

SearchResult search_by_files(const fs::path& start) {
  if (is_redirected()) return unclear();
  SearchResult result = walk_up(start);
  const std::optional<std::string> given = environment("GIT_DIR");
  if (!given) return result;
  // Hooks have it set to what the search finds; then the worktree is where they run.
  std::error_code code;
  const bool agrees = result.finding == Finding::repository && result.location.top == start &&
                      fs::canonical(*given, code) == result.location.git_dir;
  return agrees && !code ? result : unclear();
}

}  // namespace quemsi
