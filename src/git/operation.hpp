// What git is in the middle of.
#pragma once

#include <filesystem>

#include "quemsi/git.hpp"

namespace quemsi {

/// From the files of a worktree's git dir.
GitOperation operation_in(const std::filesystem::path& git_dir);

}  // namespace quemsi
