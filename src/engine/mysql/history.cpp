#include "engine/mysql/history.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/mysql/session.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

[[noreturn]] void throw_history(const Connection& connection, const std::string& table) {
  throw Error(ErrorKind::unsupported, "the history of the versioned table " + table +
                                          " cannot be carried over by copying rows")
      .cause(connection.version_text() + " takes no rows of history")
      .hint("upgrade the server: MariaDB 10.11 is the oldest that takes them");
}

}  // namespace

void check_takes_history(const Connection& connection, const std::vector<TableEntry>& tables) {
  if (takes_history(connection)) return;
  const auto versioned = std::ranges::find(tables, TableKind::versioned, &TableEntry::kind);
  if (versioned != tables.end()) throw_history(connection, versioned->name);
}

void check_takes_history(const Connection& connection, const ImageReader& image) {
  if (takes_history(connection)) return;
  const auto versioned = std::ranges::find_if(
      image.rows(), [](const RowsSection& rows) { return rows.table.history; });
  if (versioned != image.rows().end()) throw_history(connection, versioned->table.name);
}

std::vector<std::string> tables_without_times(Connection& connection, const std::string& schema) {
  if (!connection.is_mariadb()) return {};
  const Result rows = connection.query(
      fmt::format("SELECT table_name FROM information_schema.columns WHERE {} AND "
                  "generation_expression = 'ROW START' AND data_type <> 'timestamp' "
                  "ORDER BY table_name",
                  is_named("table_schema", schema)));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < rows.rows(); ++i) names.push_back(rows.str(i, 0));
  return names;
}

std::vector<std::string> tables_without_times(Connection& connection, const std::string& schema,
                                              const std::vector<TableEntry>& tables) {
  if (std::ranges::count(tables, TableKind::versioned, &TableEntry::kind) == 0) return {};
  return tables_without_times(connection, schema);
}

}  // namespace quemsi::mysql_engine
