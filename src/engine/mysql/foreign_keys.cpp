#include "engine/mysql/foreign_keys.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {
namespace {

struct Key {
  std::string name;
  std::string table;  ///< quoted, with its schema where that is another
  std::string why;
};

/// As the server compares names of tables.
std::string folded(const std::string& column) {
  return fmt::format("IF(@@lower_case_table_names = 0, {0}, LOWER({0}))", column);
}

std::set<std::string> tables_of(Connection& connection, const std::string& schema) {
  const Result rows =
      connection.query(fmt::format("SELECT {} FROM information_schema.tables WHERE {}",
                                   folded("table_name"), is_named("table_schema", schema)));
  std::set<std::string> names;
  for (std::size_t i = 0; i < rows.rows(); ++i) names.insert(rows.str(i, 0));
  return names;
}

void add_own(Connection& connection, const std::string& schema, std::vector<Key>& keys) {
  const Result rows = connection.query(fmt::format(
      "SELECT DISTINCT constraint_name, table_name, referenced_table_schema, "
      "referenced_table_name, {}, {} FROM information_schema.key_column_usage WHERE {} AND "
      "referenced_table_name IS NOT NULL ORDER BY table_name, constraint_name",
      folded("referenced_table_name"), is_named("referenced_table_schema", schema),
      is_named("table_schema", schema)));
  if (rows.rows() == 0) return;
  const std::set<std::string> tables = tables_of(connection, schema);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const bool stays = rows.str(i, 5) == "1";
    if (stays && tables.contains(rows.str(i, 4))) continue;
    const std::string to = stays
                               ? quote_identifier(rows.str(i, 3)) + ", which is not there"
                               : qualified(rows.str(i, 2), rows.str(i, 3)) + ", of another schema";
    keys.push_back({rows.str(i, 0), quote_identifier(rows.str(i, 1)), to});
  }
}

void add_of_others(const Result& rows, std::vector<Key>& keys) {
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    keys.push_back({rows.str(i, 0), qualified(rows.str(i, 1), rows.str(i, 2)),
                    quote_identifier(rows.str(i, 3))});
  }
}

/// Also of those that we may not see; false without the privilege PROCESS.
bool add_all_of_others(Connection& connection, const std::string& schema, std::vector<Key>& keys) {
  if (!connection.is_mariadb()) return false;
  const auto part = [](const char* column, int which) {
    return fmt::format("SUBSTRING_INDEX({}, '/', {})", column, which);
  };
  // Names as the server calls its files.
  const auto decoded = [](const std::string& name) {
    return fmt::format(
        "CONVERT(CAST(CAST({} AS BINARY) AS CHAR CHARACTER SET filename) USING "
        "utf8mb4)",
        name);
  };
  const std::string live =
      fmt::format("CAST(CONVERT({} USING filename) AS BINARY)", folded(quote_literal(schema)));
  try {
    add_of_others(
        connection.query(fmt::format(
            "SELECT {}, {}, {}, {} FROM information_schema.innodb_sys_foreign WHERE "
            "CAST({} AS BINARY) = {} AND CAST({} AS BINARY) <> {}",
            part("id", -1), decoded(part("for_name", 1)), decoded(part("for_name", -1)),
            decoded(part("ref_name", -1)), part("ref_name", 1), live, part("for_name", 1), live)),
        keys);
    return true;
  } catch (const Error&) {
    if (connection.error_code() != code::access_denied) throw;
    return false;
  }
}

void add_visible_of_others(Connection& connection, const std::string& schema,
                           std::vector<Key>& keys) {
  add_of_others(
      connection.query(fmt::format(
          "SELECT DISTINCT constraint_name, table_schema, table_name, referenced_table_name FROM "
          "information_schema.key_column_usage WHERE {} AND NOT {} AND table_schema NOT IN "
          "('mysql', 'sys', 'performance_schema', 'information_schema')",
          is_named("referenced_table_schema", schema), is_named("table_schema", schema))),
      keys);
}

}  // namespace

std::optional<Error> key_obstacle(Connection& connection, const std::string& schema) {
  constexpr std::size_t most = 3;
  std::vector<Key> keys;
  add_own(connection, schema, keys);
  if (!add_all_of_others(connection, schema, keys)) {
    add_visible_of_others(connection, schema, keys);
  }
  if (keys.empty()) return std::nullopt;
  Error error(ErrorKind::unsupported, "schema " + schema + " cannot be exchanged");
  for (std::size_t i = 0; i < std::min(keys.size(), most); ++i) {
    error.cause(fmt::format("foreign key {} of {} refers to {}", quote_identifier(keys[i].name),
                            keys[i].table, keys[i].why));
  }
  return error.hint(
      fmt::format("make what it refers to, or drop it: ALTER TABLE {} DROP FOREIGN "
                  "KEY {};",
                  keys.front().table, quote_identifier(keys.front().name)));
}

}  // namespace quemsi::mysql_engine
