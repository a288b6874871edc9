// Having a database file to oneself.
#pragma once

#include <chrono>
#include <filesystem>

#include "engine/sqlite/lease.hpp"
#include "quemsi/ids.hpp"

namespace quemsi::sqlite_engine {

/// Recovers what a killed application left, and leaves the main file alone in
/// its folder, if nobody else has it open.
void tidy(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout);

/// Under the lease: everything is in the main file. Removes a journal that is cut or blanked, which
/// is of no use to anybody.
bool stands_alone(const std::filesystem::path& file);

/// Under the lease: nobody else has it open, so what is proven stays so.
bool holds(const Token& expected, const std::filesystem::path& file, const Lease& lease);

}  // namespace quemsi::sqlite_engine
