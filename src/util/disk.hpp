// How full a file system is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace quemsi {

/// Bytes that this user can still write where `path` is, or will be. None where it cannot be told.
std::optional<std::uint64_t> free_space(const std::filesystem::path& path);

}  // namespace quemsi
