// Triggers of tables that are renamed.
#pragma once

#include <string>

#include "engine/mysql/rename.hpp"
#include "engine/mysql/shape.hpp"

namespace quemsi::mysql_engine {

/// Of a schema: triggers that are there, for tables under whatever name.
void drop_triggers(const Server& server, Connection& connection, const std::string& schema);
/// Those of `triggers` that are missing, on `table`, which may have another name for now. Where
/// somebody else has made some, all of them stay what they are.
void make_triggers(const Server& server, Connection& connection, const std::string& schema,
                   const std::string& table, const std::string& real_name,
                   const SchemaObjects& triggers);
/// A rename has written tables' names into their triggers in its own way.
void restore_wording(const Server& server, Connection& connection, const std::string& schema,
                     const SchemaObjects& triggers);

/// They do the same, on tables of whatever names, and run as whomever.
bool same_but_tables(const SchemaObject& a, const SchemaObject& b);
/// Their tables leave a schema: the triggers are dropped in it, and made in the other.
void move_with_triggers(const Server& server, Renamer& renamer, const Renames& renames);

/// Where triggers are tried: a table that is made for that, and dropped.
struct TriggerTrial {
  std::string schema;
  std::string table;
};
/// Makes, on tables with the same columns, all triggers of the tables that `doubtful` ones have.
/// Throws what the server says of the first that cannot be made.
void try_triggers(const Server& server, Connection& connection, const std::string& schema,
                  const SchemaObjects& triggers, const SchemaObjects& doubtful,
                  const TriggerTrial& trial);

}  // namespace quemsi::mysql_engine
