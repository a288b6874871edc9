#include "engine/mysql/token.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/common/row_hash.hpp"
#include "engine/mysql/innodb_report.hpp"
#include "engine/mysql/watch.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr std::string_view token_version = "mysql1";

/// Of one that still has values at hand, the first that it has not yet reserved.
std::string sequence_text(Connection& connection, const std::string& schema,
                          const std::string& name) {
  const Result row =
      connection.query("SELECT next_not_cached_value, cycle_count FROM " + qualified(schema, name));
  return name + '\0' + row.str(0, 0) + '\0' + row.str(0, 1) + '\0';
}

std::string hash_of(Connection& connection, const std::string& schema, const SchemaShape& shape) {
  std::string text = definitions_text(shape);
  for (const TableEntry& table : shape.tables) {
    if (table.kind == TableKind::sequence) text += sequence_text(connection, schema, table.name);
  }
  return fmt::format("{:016x}", row_hash(text));
}

std::set<std::string> names_in(const SchemaShape& shape) {
  std::set<std::string> names;
  for (const TableEntry& table : shape.tables) names.insert(table.name);
  for (const SchemaObjects* objects : {&shape.triggers, &shape.objects}) {
    for (const SchemaObject& object : *objects) names.insert(object.kind + '\0' + object.name);
  }
  return names;
}

/// Empty without the privilege PROCESS.
std::string innodb_report(Connection& connection) try {
  const Result report = connection.query("SHOW ENGINE INNODB STATUS");
  return report.str(0, report.column("Status").value());
} catch (const Error&) {
  if (connection.error_code() != code::access_denied) throw;
  return {};
}

}  // namespace

void open_tables(Connection& connection, const std::string& schema,
                 const std::vector<TableEntry>& tables) {
  if (connection.is_mariadb()) return;
  set_lock_timeout(connection, std::chrono::seconds(1));
  for (const TableEntry& table : tables) {
    connection.execute(fmt::format("SELECT 1 FROM {} LIMIT 1", qualified(schema, table.name)));
  }
}

std::optional<Position> read_position(Connection& connection) {
  const Result rows = connection.query(fmt::format(
      "SELECT LOWER(variable_name), variable_value, @@GLOBAL.event_scheduler FROM {} WHERE "
      "variable_name IN ('Innodb_max_trx_id', 'Threads_running')",
      status_table(connection, false)));
  std::string value;
  bool is_quiet = false;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    if (rows.str(i, 0) == "threads_running") {
      is_quiet = is_only_one(rows.str(i, 1), rows.str(i, 2));
    } else {
      value = rows.str(i, 1);
    }
  }
  if (!connection.is_mariadb()) {
    const InnodbReport report = parse_innodb_report(innodb_report(connection));
    value = report.next_id;
    is_quiet = is_quiet && !report.has_writers;
  }
  if (value.empty()) return std::nullopt;
  return Position{server_run(connection) + "/" + value, is_quiet};
}

std::optional<Token> token_of(Connection& connection, const Position& position,
                              const std::string& schema, const SchemaShape& shape) {
  const bool provable = std::ranges::all_of(
      shape.tables, [](const TableEntry& table) { return table.engine == "InnoDB"; });
  if (!provable) return std::nullopt;
  return Token(
      fmt::format("{} {} {}", token_version, position.text, hash_of(connection, schema, shape)));
}

bool proves(const Token& token, Connection& connection, const std::string& schema) try {
  if (position_of(token).empty()) return false;
  return proves(token, connection, schema, read_shape(connection, schema));
} catch (const Error&) {
  return false;
}

bool proves(const Token& token, Connection& connection, const std::string& schema,
            const SchemaShape& shape) try {
  const auto position = read_position(connection);
  return position && position->text == position_of(token) &&
         token_of(connection, *position, schema, shape) == token;
} catch (const Error&) {
  return false;
}

bool has_same_names(const SchemaShape& a, const SchemaShape& b) {
  return names_in(a) == names_in(b);
}

std::string position_of(const Token& token) {
  const std::vector<std::string> parts = split(token.str(), ' ');
  return parts.size() == 3 && parts[0] == token_version ? parts[1] : std::string();
}

}  // namespace quemsi::mysql_engine
