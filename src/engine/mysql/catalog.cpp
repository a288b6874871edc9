#include "engine/mysql/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/mysql/definitions.hpp"
#include "engine/mysql/sequence_names.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

struct Column {
  std::string name;
  std::string type;
  std::string data_type;
  bool not_null = false;
  bool generated = false;
  std::string row_bound;  ///< ROW START or ROW END, of a versioned table
};

using Columns = std::vector<Column>;

/// What makes a column's values.
const char* generated_by(const Connection& connection) {
  constexpr unsigned long first_mysql_with_generated = 50700;
  const bool has_none =
      !connection.is_mariadb() && connection.version() < first_mysql_with_generated;
  return has_none ? "''" : "COALESCE(generation_expression, '')";
}

/// By table; columns in order. Those that a versioned table has without having been asked to are
/// not among them.
std::map<std::string, Columns> read_columns(Connection& connection, const std::string& schema) {
  const Result rows = connection.query(
      fmt::format("SELECT table_name, column_name, column_type, data_type, is_nullable, extra, "
                  "{} FROM information_schema.columns WHERE {} "
                  "ORDER BY table_name, ordinal_position",
                  generated_by(connection), is_named("table_schema", schema)));
  std::map<std::string, Columns> columns;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const std::string& expression = rows.str(i, 6);
    const bool bound = expression == "ROW START" || expression == "ROW END";
    const bool generated = rows.str(i, 5).find("GENERATED") != std::string::npos &&
                           rows.str(i, 5).find("DEFAULT_GENERATED") == std::string::npos;
    columns[rows.str(i, 0)].push_back({.name = rows.str(i, 1),
                                       .type = rows.str(i, 2),
                                       .data_type = rows.str(i, 3),
                                       .not_null = rows.str(i, 4) == "NO",
                                       .generated = generated || bound,
                                       .row_bound = bound ? expression : std::string()});
  }
  return columns;
}

struct UniqueIndex {
  std::string name;
  std::vector<std::string> columns;
};

/// By table: the primary key first, then the one with the fewest columns.
std::map<std::string, std::vector<UniqueIndex>> read_indexes(Connection& connection,
                                                             const std::string& schema) {
  const Result rows = connection.query(
      fmt::format("SELECT table_name, index_name, column_name FROM information_schema.statistics s "
                  "WHERE {} AND non_unique = 0 AND NOT EXISTS (SELECT 1 FROM "
                  "information_schema.statistics o WHERE o.table_schema = s.table_schema AND "
                  "o.table_name = s.table_name AND o.index_name = s.index_name AND "
                  "(o.sub_part IS NOT NULL OR o.column_name IS NULL)) "
                  "ORDER BY table_name, index_name <> 'PRIMARY', index_name, seq_in_index",
                  is_named("table_schema", schema)));
  std::map<std::string, std::vector<UniqueIndex>> indexes;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    auto& list = indexes[rows.str(i, 0)];
    if (list.empty() || list.back().name != rows.str(i, 1)) list.push_back({rows.str(i, 1), {}});
    list.back().columns.push_back(rows.str(i, 2));
  }
  for (auto& [table, list] : indexes) {
    std::ranges::stable_sort(list, [](const UniqueIndex& a, const UniqueIndex& b) {
      if ((a.name == "PRIMARY") != (b.name == "PRIMARY")) return a.name == "PRIMARY";
      return a.columns.size() < b.columns.size();
    });
  }
  return indexes;
}

bool is_key(const UniqueIndex& index, const Columns& columns) {
  return std::ranges::all_of(index.columns, [&](const std::string& name) {
    const auto found = std::ranges::find(columns, name, &Column::name);
    return found != columns.end() && found->not_null && !found->generated;
  });
}

/// When rows became what they are, and when they ceased to be: what the server keeps of history.
/// None where it counts by transactions, which have other numbers elsewhere.
std::vector<std::string> row_bounds(const Columns& columns) {
  std::vector<std::string> bounds;
  for (const Column& column : columns) {
    if (column.row_bound.empty()) continue;
    if (column.data_type != "timestamp") return {};
    bounds.push_back(column.name);
  }
  if (bounds.empty()) bounds = {"row_start", "row_end"};
  return bounds;
}

void add_history(TableShape& shape, const Columns& columns) {
  const std::vector<std::string> bounds = row_bounds(columns);
  if (bounds.size() != 2) return;
  shape.history = true;
  for (const std::string& bound : bounds) {
    shape.columns.push_back(bound);
    shape.types.emplace_back("timestamp(6)");
  }
  if (!shape.key.empty()) shape.key.push_back(bounds.back());
}

/// Schemas as defaults name them that take numbers from a sequence; none where there is no
/// sequence.
std::vector<std::string> names_in_defaults(Connection& connection,
                                           const std::vector<TableEntry>& entries,
                                           std::vector<std::string> schemas) {
  if (std::ranges::find(entries, TableKind::sequence, &TableEntry::kind) == entries.end())
    return {};
  return shown_names(connection, std::move(schemas));
}

}  // namespace

std::vector<Table> read_catalog(Connection& connection, const std::string& schema,
                                const std::vector<TableEntry>& entries) {
  const auto columns = read_columns(connection, schema);
  const auto indexes = read_indexes(connection, schema);
  const Result sizes = connection.query(
      fmt::format("SELECT table_name, COALESCE(data_length, 0) FROM information_schema.tables "
                  "WHERE {} AND table_type <> 'VIEW'",
                  is_named("table_schema", schema)));
  std::map<std::string, std::uint64_t> bytes;
  for (std::size_t i = 0; i < sizes.rows(); ++i) bytes[sizes.str(i, 0)] = sizes.number(i, 1);
  std::vector<Table> tables;
  for (const TableEntry& entry : entries) {
    if (entry.kind == TableKind::sequence) continue;
    Table table{.shape = {.name = entry.name}, .key_index = {}, .bytes = bytes[entry.name]};
    const Columns& own = columns.at(entry.name);
    for (const Column& column : own) {
      if (column.generated) continue;
      table.shape.columns.push_back(column.name);
      table.shape.types.push_back(column.type);
    }
    const auto candidates = indexes.find(entry.name);
    if (candidates != indexes.end()) {
      const auto key = std::ranges::find_if(
          candidates->second, [&](const UniqueIndex& index) { return is_key(index, own); });
      if (key != candidates->second.end()) {
        table.shape.key = key->columns;
        table.key_index = key->name;
      }
    }
    if (entry.kind == TableKind::versioned) add_history(table.shape, own);
    tables.push_back(std::move(table));
  }
  return tables;
}

std::string select_statement(const std::string& schema, const Table& table) {
  std::vector<std::string> columns;
  for (std::size_t i = 0; i < table.shape.columns.size(); ++i) {
    const std::string column = quote_identifier(table.shape.columns[i]);
    // The server shows but six digits of it otherwise.
    const bool is_float = table.shape.types[i].starts_with("float");
    columns.push_back(is_float ? "(" + column + " * 1e0)" : column);
  }
  const std::string& name = table.stored_as.empty() ? table.shape.name : table.stored_as;
  std::string sql = fmt::format("SELECT {} FROM {}", columns.empty() ? "1" : join(columns, ", "),
                                qualified(schema, name));
  if (table.shape.history) sql += " FOR SYSTEM_TIME ALL";
  if (table.shape.key.empty()) return sql;
  return sql + fmt::format(" FORCE INDEX ({}) ORDER BY {}", quote_identifier(table.key_index),
                           column_list(table.shape.key));
}

bool needs_text(const std::string& type) {
  return type == "json" || type == "uuid" || type == "inet4" || type == "inet6";
}

std::string column_list(const std::vector<std::string>& columns) {
  std::vector<std::string> quoted;
  quoted.reserve(columns.size());
  for (const std::string& column : columns) quoted.push_back(quote_identifier(column));
  return join(quoted, ", ");
}

Definitions read_definitions(Connection& connection, const std::string& schema,
                             const std::vector<TableEntry>& entries, const std::string& live) {
  const std::vector<std::string> own_names = names_in_defaults(connection, entries, {schema, live});
  Definitions definitions;
  SchemaObjects tables;
  for (const TableEntry& entry : entries) {
    const std::string name = qualified(schema, entry.name);
    if (entry.kind == TableKind::sequence) {
      definitions.makes.push_back(
          {.kind = "SEQUENCE",
           .name = entry.name,
           .sql = connection.query("SHOW CREATE SEQUENCE " + name).str(0, 1)});
      const Result row = connection.query("SELECT next_not_cached_value, cycle_count FROM " + name);
      definitions.counters.push_back({"SEQUENCE", entry.name, row.str(0, 0), row.str(0, 1)});
      continue;
    }
    std::string shown = connection.query("SHOW CREATE TABLE " + name).str(0, 1);
    if (!connection.is_mariadb()) shown = without_implied_charsets(shown);
    if (!own_names.empty()) shown = without_schemas_of_sequences(shown, own_names);
    check_sequences_shown(connection, entry.name, shown);
    TableDefinition made = split_auto_increment(shown);
    tables.push_back({.kind = "TABLE", .name = entry.name, .sql = std::move(made.sql)});
    if (made.auto_increment.empty()) continue;
    definitions.counters.push_back({"AUTO_INCREMENT", entry.name, made.auto_increment, ""});
  }
  definitions.makes.insert(definitions.makes.end(), tables.begin(), tables.end());
  return definitions;
}

}  // namespace quemsi::mysql_engine
