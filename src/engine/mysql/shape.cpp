#include "engine/mysql/shape.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

TableKind kind_of(std::string_view type) {
  if (type == "SEQUENCE") return TableKind::sequence;
  return type == "SYSTEM VERSIONED" ? TableKind::versioned : TableKind::plain;
}

std::string text_of(const SchemaObject& object) {
  std::string text;
  for (const std::string* part :
       {&object.kind, &object.name, &object.table, &object.sql, &object.sql_mode,
        &object.client_charset, &object.collation, &object.time_zone, &object.schema_collation}) {
    text += *part + '\0';
  }
  return text;
}

}  // namespace

bool is_helper(std::string_view table) {
  constexpr std::string_view prefix = "quemsi_";
  constexpr std::size_t id_size = 16;
  if (table.starts_with(gate_prefix)) table.remove_prefix(gate_prefix.size());
  if (!table.starts_with(prefix) || table.size() < prefix.size() + id_size + 2) return false;
  const std::string_view id = table.substr(prefix.size(), id_size);
  return std::ranges::all_of(id, [](char c) { return c >= 'k' && c <= 'z'; }) &&
         table[prefix.size() + id_size] == '_';
}

std::vector<TableEntry> read_tables(Connection& connection, const std::string& schema) {
  const Result rows = connection.query(
      fmt::format("SELECT table_name, table_type, engine FROM information_schema.tables WHERE {} "
                  "AND table_type <> 'VIEW' ORDER BY BINARY table_name",
                  is_named("table_schema", schema)));
  std::vector<TableEntry> tables;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    if (is_helper(rows.str(i, 0))) continue;
    tables.push_back({rows.str(i, 0), kind_of(rows.str(i, 1)), rows.str(i, 2)});
  }
  return tables;
}

std::optional<SchemaShape> find_shape(Connection& connection, const std::string& schema) {
  const auto facts = find_schema(connection, schema);
  if (!facts) return std::nullopt;
  return SchemaShape{.facts = *facts,
                     .tables = read_tables(connection, schema),
                     .triggers = read_triggers(connection, schema),
                     .objects = read_objects(connection, schema)};
}

SchemaShape read_shape(Connection& connection, const std::string& schema) {
  auto shape = find_shape(connection, schema);
  if (!shape) throw Error(ErrorKind::engine, "there is no schema " + schema);
  return *std::move(shape);
}

std::string definitions_text(const SchemaShape& shape) {
  std::string text =
      shape.facts.charset + '\0' + shape.facts.collation + '\0' + shape.facts.comment + '\0';
  for (const TableEntry& table : shape.tables) text += table.name + '\0';
  for (const SchemaObject& object : shape.triggers) text += text_of(object);
  for (const SchemaObject& object : shape.objects) text += text_of(object);
  return text;
}

}  // namespace quemsi::mysql_engine
