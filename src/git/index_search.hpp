// Whether git's index can have a file, without asking git.
#pragma once

#include <filesystem>
#include <string_view>

namespace quemsi {

/// False only when the worktree's index certainly has nothing of that path (relative to the top):
/// entries hold their whole paths up to version 3 of the format, unless the index is split (git's
/// Documentation/gitformat-index.txt).
bool may_be_in_index(const std::filesystem::path& git_dir, std::string_view path);

}  // namespace quemsi
