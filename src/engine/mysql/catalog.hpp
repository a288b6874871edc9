// What of a schema is its content: which tables hold rows, of which columns, in which order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/mysql/connection.hpp"
#include "engine/mysql/image_format.hpp"
#include "engine/mysql/shape.hpp"

namespace quemsi::mysql_engine {

/// A table with rows of its own.
struct Table {
  TableShape shape;
  std::string key_index;  ///< the index that orders rows by the key; empty: none
  std::uint64_t bytes = 0;
  std::string stored_as = {};  ///< its name on the server; empty: the shape's
};

/// Those of `entries` that may have rows, in their order.
std::vector<Table> read_catalog(Connection& connection, const std::string& schema,
                                const std::vector<TableEntry>& entries);

/// Reads all rows in the order of the key.
std::string select_statement(const std::string& schema, const Table& table);
/// The server takes a column of this type only from text of a known character set.
bool needs_text(const std::string& type);
/// Quoted, with commas.
std::string column_list(const std::vector<std::string>& columns);

/// The statements that make tables and sequences, and what they count.
struct Definitions {
  SchemaObjects makes;  ///< of kind SEQUENCE and TABLE: sequences first, which tables may use
  std::vector<Counter> counters;
};
/// `live`: what the schema is called while it is live.
Definitions read_definitions(Connection& connection, const std::string& schema,
                             const std::vector<TableEntry>& entries, const std::string& live);

}  // namespace quemsi::mysql_engine
