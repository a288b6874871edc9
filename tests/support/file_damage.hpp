// What disks and people do to files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace quemsi::test {

/// Inverts the byte at `offset`; negative: from the end.
void flip_byte(const std::filesystem::path& file, std::int64_t offset);
void cut_to(const std::filesystem::path& file, std::uintmax_t bytes);
void write_file(const std::filesystem::path& file, const std::string& text);
std::string read_file(const std::filesystem::path& file);

}  // namespace quemsi::test
