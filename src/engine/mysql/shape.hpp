// What a schema consists of, without the rows: enough to tell whether two looks saw the same, and
// to move everything elsewhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mysql/objects.hpp"
#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {

enum class TableKind { plain, versioned, sequence };

struct TableEntry {
  std::string name;
  TableKind kind = TableKind::plain;
  std::string engine;
  bool operator==(const TableEntry&) const = default;
};

struct SchemaShape {
  SchemaFacts facts;
  std::vector<TableEntry> tables;  ///< sequences among them; by name
  SchemaObjects triggers;
  SchemaObjects objects;
  bool operator==(const SchemaShape&) const = default;
};

/// None when there is no such schema. Throws Error(engine) for what may not be read.
std::optional<SchemaShape> find_shape(Connection& connection, const std::string& schema);
/// The same of a schema that must exist: Error(engine).
SchemaShape read_shape(Connection& connection, const std::string& schema);
std::vector<TableEntry> read_tables(Connection& connection, const std::string& schema);

/// All that a shape says, in an order of its own: equal for equal shapes.
std::string definitions_text(const SchemaShape& shape);

/// Tables that an exchange needs for a moment are called like this; they are nobody's content.
bool is_helper(std::string_view table);
/// Sorts behind every name that an application gives a table.
inline constexpr std::string_view gate_prefix = "\xef\xbf\xbd";

}  // namespace quemsi::mysql_engine
