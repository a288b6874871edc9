#include "engine/mysql/rows_reader.hpp"

#include <algorithm>

#include "engine/common/chunker.hpp"
#include "engine/mysql/row_text.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

std::vector<std::size_t> key_positions(const TableShape& table) {
  std::vector<std::size_t> positions;
  for (const std::string& column : table.key) {
    const auto found = std::ranges::find(table.columns, column);
    positions.push_back(static_cast<std::size_t>(found - table.columns.begin()));
  }
  return positions;
}

}  // namespace

void read_rows(Connection& connection, const std::string& schema, const Table& table,
               TallySink& sink) {
  RowChunker chunker(sink, key_positions(table.shape));
  std::string text;
  // Values are handed on as the bytes that they are in their own columns.
  connection.set_results("binary");
  connection.stream(select_statement(schema, table), [&](RowFields fields) {
    text.clear();
    append_row(text, fields);
    chunker.row(text);
  });
  connection.set_results("utf8mb4");
  chunker.finish();
}

}  // namespace quemsi::mysql_engine
