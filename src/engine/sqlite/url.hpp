// From a URL to the file that it names.
//
//   sqlite:PATH         relative to the worktree's top, or absolute
//   sqlite:///PATH      absolute (an empty host); four slashes mean the same
//
// PATH stands for itself: nothing is percent-decoded, and a `?` starts the query.
#pragma once

#include <filesystem>
#include <string_view>

namespace quemsi::sqlite_engine {

/// Absolute, links not followed; no I/O. Throws Error(config).
std::filesystem::path path_of_url(std::string_view url, const std::filesystem::path& top);

/// The file behind `path`: all links followed, whether or not it exists.
std::filesystem::path physical_path(const std::filesystem::path& path);

}  // namespace quemsi::sqlite_engine
