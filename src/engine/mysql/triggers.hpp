// Triggers of tables that are renamed.
#pragma once

#include <string>

#include "engine/mysql/objects.hpp"
#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {

/// Of a schema: triggers that are there, for tables under whatever name.
void drop_triggers(const Server& server, Connection& connection, const std::string& schema);
/// Those of `triggers` that are missing, on `table`, which may have another name for now.
void make_triggers(const Server& server, Connection& connection, const std::string& schema,
                   const std::string& table, const std::string& real_name,
                   const SchemaObjects& triggers);
/// A rename has written tables' names into their triggers in its own way.
void restore_wording(const Server& server, Connection& connection, const std::string& schema,
                     const SchemaObjects& triggers);

}  // namespace quemsi::mysql_engine
