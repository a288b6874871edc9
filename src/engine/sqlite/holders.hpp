// Who has a file open, as far as /proc tells.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/sqlite/files.hpp"

namespace quemsi::sqlite_engine {

/// "sqlite3 (pid 4711)" for every other process that we may look into.
std::vector<std::string> holders_of(const std::filesystem::path& file);

/// Some descriptor of this process for that file. Closing any descriptor of a
/// file drops every POSIX lock that the process holds on it, SQLite's included:
/// so a database that SQLite has open here is read through SQLite's descriptor,
/// never through one of our own.
std::optional<int> own_descriptor(const FileIdentity& file);
bool is_descriptor_of(int descriptor, const FileIdentity& file);

/// Error(busy) "<what>", naming who has `file` open.
[[noreturn]] void throw_busy(const std::filesystem::path& file, const std::string& what);

}  // namespace quemsi::sqlite_engine
