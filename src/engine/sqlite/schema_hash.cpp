#include "engine/sqlite/schema_hash.hpp"

#include "engine/sqlite/hash.hpp"

namespace quemsi::sqlite_engine {

std::string schema_hash(sqlite::Connection& connection) {
  std::string text = connection.query_text("PRAGMA user_version");
  sqlite::Statement rows = connection.prepare(
      "SELECT type, name, coalesce(sql, '') FROM sqlite_schema "
      "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name");
  while (rows.step()) {
    for (const int column : {0, 1, 2}) text += '\0' + rows.column_text(column);
  }
  return text_hash(text);
}

}  // namespace quemsi::sqlite_engine
