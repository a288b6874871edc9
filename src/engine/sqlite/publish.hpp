// Making a parked copy a database of somebody's.
#pragma once

#include <chrono>
#include <filesystem>

#include "quemsi/progress.hpp"

namespace quemsi::sqlite_engine {

/// Moves a closed database file to where there is none, across devices if need
/// be; what an earlier one left beside `to` goes. Throws Error(user) when `to` exists.
void move_database(const std::filesystem::path& from, const std::filesystem::path& to,
                   Progress& progress);

/// The same over an existing database that nobody has open. Throws Error(busy)
/// when somebody has, Error(user) when it is no SQLite database.
void replace_database(const std::filesystem::path& from, const std::filesystem::path& to,
                      std::chrono::milliseconds busy_timeout, Progress& progress);

}  // namespace quemsi::sqlite_engine
