#include "engine/common/copy_text.hpp"

#include <algorithm>

namespace quemsi {
namespace {

constexpr std::string_view plain = "\b\f\n\r\t\v\\";
constexpr std::string_view escaped = "bfnrtv\\";

/// From the end of one field to the start of the next.
std::size_t field_end(std::string_view row, std::size_t start) {
  const std::size_t end = row.find_first_of("\t\n", start);
  return end == std::string_view::npos ? row.size() : end;
}

std::string_view field_at(std::string_view row, std::size_t position) {
  std::size_t start = 0;
  for (; position > 0; --position) {
    start = std::min(row.size(), field_end(row, start) + 1);
  }
  return row.substr(start, field_end(row, start) - start);
}

/// Only the escapes that copy_field() writes.
std::optional<std::string> clear_text(std::string_view field) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\') {
      text += field[i];
      continue;
    }
    const std::size_t which = ++i < field.size() ? escaped.find(field[i]) : std::string_view::npos;
    if (which == std::string_view::npos) return std::nullopt;
    text += plain[which];
  }
  return text;
}

}  // namespace

std::string copy_field(std::string_view text) {
  std::string field;
  field.reserve(text.size());
  for (const char c : text) {
    const std::size_t which = plain.find(c);
    if (which == std::string_view::npos) {
      field += c;
    } else {
      field += '\\';
      field += escaped[which];
    }
  }
  return field;
}

std::string copy_row(const std::vector<std::string>& fields) {
  std::string row;
  for (const std::string& field : fields) {
    if (!row.empty() || &field != &fields.front()) row += '\t';
    row += copy_field(field);
  }
  return row + '\n';
}

std::optional<std::vector<std::string>> parse_copy_row(std::string_view row) {
  std::vector<std::string> fields;
  for (std::size_t start = 0; start <= row.size();) {
    const std::size_t end = field_end(row, start);
    auto text = clear_text(row.substr(start, end - start));
    if (!text) return std::nullopt;
    fields.push_back(std::move(*text));
    start = end + 1;
  }
  return fields;
}

std::string_view key_text(std::string_view row, const std::vector<std::size_t>& positions,
                          std::string& scratch) {
  if (positions.size() == 1) return field_at(row, positions.front());
  scratch.clear();
  for (const std::size_t position : positions) {
    if (!scratch.empty() || position != positions.front()) scratch += '\t';
    scratch += field_at(row, position);
  }
  return scratch;
}

}  // namespace quemsi
