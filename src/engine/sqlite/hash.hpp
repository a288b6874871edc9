// XXH3: fast, not meant to withstand an adversary; the store has SHA-256 for that.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "sqlite/connection.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {

/// 128 bits of the database as this connection's transaction sees it, its log
/// included, in hexadecimal. Holds a copy in memory: for small databases.
std::string content_hash(sqlite::Connection& connection);

/// The same for a file that nobody writes to: its first `bytes`.
std::string file_hash(const Fd& fd, std::uint64_t bytes, const std::filesystem::path& file);

/// 64 bits, in hexadecimal.
std::string text_hash(std::string_view text);

}  // namespace quemsi::sqlite_engine
