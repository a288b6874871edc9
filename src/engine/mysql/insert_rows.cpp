#include "engine/mysql/insert_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/mysql/catalog.hpp"
#include "engine/mysql/row_text.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr std::uint64_t usual_bytes = std::uint64_t{1} << 20;

/// Of what the server takes at once.
std::size_t most_bytes(Connection& connection) {
  const std::uint64_t allowed = connection.query("SELECT @@max_allowed_packet").number(0, 0);
  return std::min(usual_bytes, allowed / 2);
}

}  // namespace

RowInserter::RowInserter(Connection& connection, const std::string& schema, const TableShape& table)
    : connection_(connection),
      table_(table),
      head_(fmt::format("INSERT INTO {} ({}) VALUES ", qualified(schema, table.name),
                        column_list(table.columns))),
      most_bytes_(most_bytes(connection)) {}

void RowInserter::add(std::string_view text) {
  for (;;) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;
    if (rest_.empty()) {
      add_row(text.substr(0, end));
    } else {
      rest_ += text.substr(0, end);
      add_row(rest_);
      rest_.clear();
    }
    text.remove_prefix(end + 1);
  }
  rest_ += text;
}

void RowInserter::add_row(std::string_view row) {
  const auto fields = parse_row(row);
  const bool empty = table_.columns.empty();
  if (!fields || (!empty && fields->size() != table_.columns.size())) {
    bad_image("a row of " + table_.name + " cannot be read");
  }
  std::string values = "(";
  for (std::size_t i = 0; i < table_.columns.size(); ++i) {
    const auto& field = (*fields)[i];
    if (i > 0) values += ',';
    // Without an introducer the bytes would be taken for text of the connection's character set.
    const char* charset = needs_text(table_.types[i]) ? "_utf8mb4" : "_binary";
    values += field ? charset + quote_literal(*field) : "NULL";
  }
  values += ')';
  if (!statement_.empty() && statement_.size() + values.size() > most_bytes_) send();
  statement_ += (statement_.empty() ? head_ : ",") + values;
}

void RowInserter::send() {
  connection_.execute(statement_);
  rows_ += connection_.affected();
  remarks_ = remarks_ || connection_.warnings() > 0;
  statement_.clear();
}

void RowInserter::finish() {
  if (!rest_.empty()) bad_image("the rows of " + table_.name + " end within one");
  if (!statement_.empty()) send();
}

}  // namespace quemsi::mysql_engine
