#pragma once

#include <filesystem>

#include "sqlite/connection.hpp"

namespace quemsi::sqlite_engine {

/// Builds and syncs a database with the schema that `source` sees and no rows.
/// `target` must not exist. Kept: page size, encoding, auto_vacuum, journal mode,
/// user_version, application_id. Throws Error(unsupported) for a schema that
/// needs a function or module which only the application has.
void copy_schema(sqlite::Connection& source, const std::filesystem::path& target);

}  // namespace quemsi::sqlite_engine
