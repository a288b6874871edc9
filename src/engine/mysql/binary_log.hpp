// With its binary log on, as MySQL's is by default, a server lets but users with SUPER make
// triggers and functions, unless it is set to trust everybody.
#pragma once

#include <optional>

#include "engine/mysql/connection.hpp"
#include "engine/mysql/schema_object.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {

/// None when nothing keeps this user from making any of the objects, or when the server does not
/// tell what a role lets him do.
std::optional<Error> binary_log_obstacle(Connection& connection, const SchemaObjects& objects);
/// Throws it.
void check_binary_log(Connection& connection, const SchemaObjects& objects);

}  // namespace quemsi::mysql_engine
