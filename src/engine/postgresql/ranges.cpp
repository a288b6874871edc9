#include "engine/postgresql/ranges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/common/chunker.hpp"
#include "engine/common/copy_text.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

using Key = std::vector<std::string>;

std::string type_of(const TableShape& table, const std::string& column) {
  const auto found = std::ranges::find(table.columns, column);
  return table.types.at(static_cast<std::size_t>(found - table.columns.begin()));
}

/// The key as a row of literals.
std::string key_literal(const TableShape& table, const Key& key) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < key.size(); ++i) {
    values.push_back(quote_literal(key[i]) + "::" + type_of(table, table.key.at(i)));
  }
  return "(" + join(values, ", ") + ")";
}

/// Values of the key's first column that cut the table into `count` stretches, by a sample of it.
std::vector<std::string> sample_edges(Connection& connection, const Table& table,
                                      std::size_t count) {
  constexpr double sampled_bytes = 4 << 20;
  std::vector<std::string> fractions;
  for (std::size_t i = 1; i < count; ++i) {
    fractions.push_back(fmt::format("{:.6f}", static_cast<double>(i) / static_cast<double>(count)));
  }
  const double percent = std::min(100.0, 100.0 * sampled_bytes / static_cast<double>(table.bytes));
  const Result result = connection.query(
      fmt::format("SELECT unnest(percentile_disc(ARRAY[{}]::float8[]) WITHIN GROUP (ORDER BY {})) "
                  "FROM ONLY ({}) TABLESAMPLE SYSTEM ({:.6f}) REPEATABLE (0)",
                  join(fractions, ","), quote_identifier(table.shape.key.front()),
                  qualified(table.shape.schema, table.shape.name), percent));
  std::vector<std::string> edges;
  for (int row = 0; row < result.rows(); ++row) {
    if (!result.is_null(row, 0)) edges.push_back(result.str(row, 0));
  }
  return edges;
}

/// The first key from `edge` on that ends a segment; none when that is too far away.
std::optional<Key> segment_end(Connection& connection, const TableShape& table,
                               const std::string& edge) {
  constexpr int step = 4096;
  constexpr int most = 32 * step;
  const std::string columns = column_list(table.key);
  connection.execute(fmt::format(
      "DECLARE quemsi_keys NO SCROLL CURSOR FOR SELECT {} FROM ONLY {} WHERE {} >= {}::{} "
      "ORDER BY {}",
      columns, qualified(table.schema, table.name), quote_identifier(table.key.front()),
      quote_literal(edge), type_of(table, table.key.front()), columns));
  std::optional<Key> found;
  for (int done = 0; done < most && !found; done += step) {
    const Result rows = connection.query(fmt::format("FETCH {} FROM quemsi_keys", step));
    for (int row = 0; row < rows.rows() && !found; ++row) {
      Key key;
      for (int i = 0; i < rows.columns(); ++i) key.push_back(rows.str(row, i));
      std::string text = copy_row(key);
      text.pop_back();
      if (ends_segment(text)) found = std::move(key);
    }
    if (rows.rows() < step) break;
  }
  connection.execute("CLOSE quemsi_keys");
  return found;
}

std::string range_condition(const TableShape& table, const KeyRange& range) {
  const std::string columns = "(" + column_list(table.key) + ")";
  std::vector<std::string> conditions;
  if (!range.last.empty()) conditions.push_back(columns + " <= " + key_literal(table, range.last));
  if (!range.after.empty()) {
    std::vector<std::string> either{columns + " > " + key_literal(table, range.after)};
    for (const std::string& column : table.key) {
      if (range.with_nulls) either.push_back(quote_identifier(column) + " IS NULL");
    }
    conditions.push_back("(" + join(either, " OR ") + ")");
  }
  return conditions.empty() ? std::string() : "WHERE " + join(conditions, " AND ");
}

}  // namespace

std::vector<KeyRange> split_by_key(Connection& connection, const Table& table, std::size_t count) {
  std::vector<KeyRange> ranges(1);
  if (!table.ranges || !table.shape.condition.empty() || count < 2) return ranges;
  for (const std::string& edge : sample_edges(connection, table, count)) {
    const auto key = segment_end(connection, table.shape, edge);
    if (!key || *key == ranges.back().after) continue;
    ranges.back().last = *key;
    ranges.push_back({.after = *key, .last = {}});
  }
  // Before, no column that is said to hold no nulls holds any, and asking is dear.
  constexpr int first_unproven = 18;
  ranges.back().with_nulls = connection.major() >= first_unproven;
  return ranges;
}

std::string copy_statement(const TableShape& table, const KeyRange& range) {
  const std::string name = qualified(table.schema, table.name);
  const std::string columns = column_list(table.columns);
  if (table.key.empty() && table.condition.empty()) {
    return fmt::format("COPY {}{} TO STDOUT", name, columns.empty() ? "" : " (" + columns + ")");
  }
  const std::string condition =
      table.condition.empty() ? range_condition(table, range) : table.condition;
  const std::string order = table.key.empty() ? "" : " ORDER BY " + column_list(table.key);
  return fmt::format("COPY (SELECT {} FROM ONLY {} {}{}) TO STDOUT", columns, name, condition,
                     order);
}

}  // namespace quemsi::postgresql_engine
