// What of a schema is not a table: triggers, views, routines, events. Each is known by the
// statement that makes it and by the settings under which that must be run.
#pragma once

#include <string>
#include <vector>

namespace quemsi::mysql_engine {

struct SchemaObject {
  std::string kind;  ///< TRIGGER, VIEW, PROCEDURE, FUNCTION, PACKAGE, PACKAGE BODY, EVENT
  std::string name;
  std::string table;  ///< of a trigger
  std::string sql;    ///< names no schema of its own; bytes in `client_charset`
  std::string sql_mode;
  std::string client_charset;
  std::string collation;         ///< of the connection
  std::string time_zone;         ///< of an event
  std::string schema_collation;  ///< the schema's default when it was made
  bool operator==(const SchemaObject&) const = default;
};

using SchemaObjects = std::vector<SchemaObject>;

}  // namespace quemsi::mysql_engine
