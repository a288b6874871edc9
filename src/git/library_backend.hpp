// libgit2, behind a module that is loaded when it is first wanted.
#pragma once

#include <filesystem>
#include <memory>

#include "git/backend.hpp"
#include "git/location.hpp"

namespace quemsi {

/// Null where libgit2 would be wrong, cannot open the repository, or is not
/// installed: the git command serves then.
std::unique_ptr<GitBackend> open_library_backend(const Location& location,
                                                 const std::filesystem::path& module_dir);

}  // namespace quemsi
