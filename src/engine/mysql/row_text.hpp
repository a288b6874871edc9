// Rows as LOAD DATA reads them: a line a row, fields between tabs, `\N` for null.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mysql/connection.hpp"

namespace quemsi::mysql_engine {

/// With its newline.
void append_row(std::string& text, RowFields fields);
/// The fields of a row without its newline; none when it is malformed.
std::optional<std::vector<std::optional<std::string>>> parse_row(std::string_view row);

}  // namespace quemsi::mysql_engine
