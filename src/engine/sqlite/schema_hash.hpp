// Tells schemas apart without reading a row.
#pragma once

#include <string>

#include "sqlite/connection.hpp"

namespace quemsi::sqlite_engine {

/// Of everything that the schema table declares and of PRAGMA user_version, in which migrations
/// count. What SQLite keeps there for itself (ANALYZE's tables) is left out.
std::string schema_hash(sqlite::Connection& connection);

}  // namespace quemsi::sqlite_engine
