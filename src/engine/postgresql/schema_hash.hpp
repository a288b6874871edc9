// Tells schemas apart without reading a row.
#pragma once

#include <optional>
#include <string>

#include "engine/postgresql/server.hpp"

namespace quemsi::postgresql_engine {

/// Of the catalogue's definitions by name, so that it stays equal when a database was built anew.
/// None when there is no such database.
std::optional<std::string> schema_hash(const Server& server);

}  // namespace quemsi::postgresql_engine
