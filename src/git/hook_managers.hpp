// Hooks of others that call ours: husky, lefthook, pre-commit, or somebody's own.
#pragma once

#include <filesystem>
#include <string_view>

namespace quemsi {

/// husky writes its folder `.husky/_` anew whenever it is installed.
bool is_huskys(const std::filesystem::path& folder);

/// True when the hook in `file`, which is not ours, says that it calls ours, or the configuration
/// of the hook manager that wrote it does. `top`: of the worktree.
bool calls_ours(const std::filesystem::path& file, const std::filesystem::path& top);

}  // namespace quemsi
