// How a large table is read by several connections at once without any trace of it in the chunks.
#pragma once

#include <string>
#include <vector>

#include "engine/postgresql/catalog.hpp"

namespace quemsi::postgresql_engine {

/// A stretch of a table in the order of its key.
struct KeyRange {
  /// Keys after which the range starts and at which it ends; empty: at the table's end.
  std::vector<std::string> after;
  std::vector<std::string> last;
  /// With the rows of no key, which stand behind all others.
  bool with_nulls = false;
};

/// About `count` ranges of similar size that are the whole table, each ending where a segment of
/// chunks ends (see chunker.hpp). One for a table that must not be read in ranges. The connection
/// is in the transaction that reads the rows.
std::vector<KeyRange> split_by_key(Connection& connection, const Table& table, std::size_t count);

/// The COPY statement that reads the rows of a range in order.
std::string copy_statement(const TableShape& table, const KeyRange& range);

}  // namespace quemsi::postgresql_engine
