// Reading a file that came with a clone: it may be a pipe, a device or endless.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace quemsi::config {

/// None when there is no such file. Throws Error(config), naming it `shown`, when it is not a
/// regular file or larger than 1 MiB; never blocks.
std::optional<std::string> read_small_file(const std::filesystem::path& path,
                                           const std::string& shown);

}  // namespace quemsi::config
