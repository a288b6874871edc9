// What of a database is its content: which relations hold rows of the application's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/postgresql/connection.hpp"
#include "engine/postgresql/image_format.hpp"

namespace quemsi::postgresql_engine {

/// A table, or a partitioned one.
struct Relation {
  std::string oid;
  std::string name;  ///< qualified and quoted
  bool of_extension = false;
  bool operator==(const Relation&) const = default;
};

/// Every table of the application's in order of creation, partitioned ones and those that
/// extensions declare as configuration among them; neither temporary nor foreign ones.
std::vector<Relation> read_relations(Connection& connection);

/// A table with rows of its own.
struct Table {
  TableShape shape;
  std::uint64_t bytes = 0;
  /// Its key orders rows strictly, and a key's text means the same key again: it may be read in
  /// ranges.
  bool ranges = false;
};

/// Those of `relations` that may have rows, by name.
std::vector<Table> read_tables(Connection& connection);

struct SequenceValue {
  std::string schema;
  std::string name;
  std::string last_value;
  bool is_called = false;
};

/// Not a matter of snapshots: their values now. By name.
std::vector<SequenceValue> read_sequences(Connection& connection);
std::string sequences_text(const std::vector<SequenceValue>& sequences);
/// Throws Error(corrupt) for what sequences_text() did not write.
std::vector<SequenceValue> parse_sequences(std::string_view text);

/// Statements that the database itself puts together, one a row.
std::vector<std::string> statements_of(Connection& connection, const std::string& query);

/// `schema.name`, quoted.
std::string qualified(std::string_view schema, std::string_view name);
/// Quoted, with commas.
std::string column_list(const std::vector<std::string>& columns);

}  // namespace quemsi::postgresql_engine
