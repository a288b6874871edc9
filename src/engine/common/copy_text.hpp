// PostgreSQL's COPY text format: a line a row, fields between tabs, `\N` for null.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quemsi {

/// `text` as a field of a row.
std::string copy_field(std::string_view text);
/// A whole row of fields that are not null, with its newline.
std::string copy_row(const std::vector<std::string>& fields);
/// The fields of a row without its newline, in clear; none when it is malformed or holds a null.
std::optional<std::vector<std::string>> parse_copy_row(std::string_view row);

/// The fields of `row` at `positions` (from 0) as they stand there, with tabs in between. The
/// result points into `row` or `scratch`.
std::string_view key_text(std::string_view row, const std::vector<std::size_t>& positions,
                          std::string& scratch);

}  // namespace quemsi
