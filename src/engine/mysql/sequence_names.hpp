// Defaults and views that name a sequence: MariaDB always tells of it, and keeps it, with its
// schema's name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mysql/connection.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {

/// A statement of SHOW CREATE in which sequences of these schemas have no schema's name.
std::string without_schemas_of_sequences(const std::string& sql,
                                         const std::vector<std::string>& schemas);

/// What such a statement may call these schemas.
std::vector<std::string> shown_names(Connection& connection, std::vector<std::string> schemas);

/// Throws Error(unsupported) where the server does not tell which sequence a default asks.
void check_sequences_shown(const Connection& connection, const std::string& table,
                           std::string_view sql);

/// Why tables of a parked copy cannot be renamed into live: they would go on asking the copy's
/// sequences. Those that were renamed out of live never ceased to ask live's. None when they can.
std::optional<Error> sequence_obstacle(Connection& connection, const std::string& copy);

}  // namespace quemsi::mysql_engine
