// Where a repository is.
#pragma once

#include <filesystem>
#include <optional>

namespace quemsi {

/// All real paths.
struct Location {
  std::filesystem::path top;         ///< of the worktree
  std::filesystem::path git_dir;     ///< of the worktree
  std::filesystem::path common_dir;  ///< of the repository
};

enum class Finding {
  repository,
  nothing,
  unclear,  ///< something is out of the ordinary: git itself must say
};

struct SearchResult {
  Finding finding = Finding::unclear;
  Location location;
};

/// Looks at plain files only. What it claims is what git would say.
SearchResult search_by_files(const std::filesystem::path& start);

/// Asks `git rev-parse`. None outside a repository. Throws Error(unsupported) for a
/// bare repository or one that git refuses, Error(user) inside a git dir.
std::optional<Location> search_by_git(const std::filesystem::path& start);

/// The first where it serves, else the second.
std::optional<Location> locate(const std::filesystem::path& start);

}  // namespace quemsi
