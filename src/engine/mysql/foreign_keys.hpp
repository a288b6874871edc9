// Foreign keys that a RENAME TABLE into another schema would turn into something else.
//
// A key names its table by schema and name. Tables that move together keep their keys. But a key
// whose table is not there goes on to name the schema that its own table has left: when a table of
// that name comes there, to delete from it deletes from the parked copy. And a key of another
// schema follows a table that is parked, to where the application never looks.
#pragma once

#include <optional>
#include <string>

#include "engine/mysql/connection.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {

/// Why the schema's tables cannot be renamed into another schema, as far as keys tell that may be
/// seen; none when they can. Rows can be copied all the same.
std::optional<Error> key_obstacle(Connection& connection, const std::string& schema);

}  // namespace quemsi::mysql_engine
