// Rows by INSERT, for servers that take no files from their clients.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/mysql/connection.hpp"
#include "engine/mysql/image_format.hpp"

namespace quemsi::mysql_engine {

class RowInserter {
 public:
  RowInserter(Connection& connection, const std::string& schema, const TableShape& table);

  /// Any part of the rows' text; rows may be cut anywhere. Throws Error(corrupt).
  void add(std::string_view text);
  /// Throws Error(corrupt) when the text has ended within a row.
  void finish();
  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
  /// True when the server has warned of anything.
  [[nodiscard]] bool remarks() const noexcept { return remarks_; }

 private:
  void add_row(std::string_view row);
  void send();

  Connection& connection_;
  const TableShape& table_;
  std::string head_;
  std::string statement_;
  std::string rest_;  ///< of a row whose end has not come yet
  std::size_t most_bytes_;
  std::uint64_t rows_ = 0;
  bool remarks_ = false;
};

}  // namespace quemsi::mysql_engine
