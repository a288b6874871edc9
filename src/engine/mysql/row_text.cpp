#include "engine/mysql/row_text.hpp"

#include <algorithm>

namespace quemsi::mysql_engine {
namespace {

constexpr std::string_view plain{"\\\t\n\0", 4};
constexpr std::string_view escaped = "\\tn0";

void append_field(std::string& text, std::string_view field) {
  while (!field.empty()) {
    const std::size_t end = std::min(field.find_first_of(plain), field.size());
    text += field.substr(0, end);
    if (end == field.size()) return;
    text += '\\';
    text += escaped[plain.find(field[end])];
    field.remove_prefix(end + 1);
  }
}

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

void append_row(std::string& text, RowFields fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += '\t';
    if (fields[i]) {
      append_field(text, *fields[i]);
    } else {
      text += "\\N";
    }
  }
  text += '\n';
}

std::optional<std::vector<std::optional<std::string>>> parse_row(std::string_view row) {
  std::vector<std::optional<std::string>> fields;
  for (std::size_t start = 0; start <= row.size();) {
    const std::size_t end = std::min(row.find('\t', start), row.size());
    const std::string_view field = row.substr(start, end - start);
    if (field == "\\N") {
      fields.emplace_back();
    } else {
      auto text = clear_text(field);
      if (!text) return std::nullopt;
      fields.emplace_back(std::move(*text));
    }
    start = end + 1;
  }
  return fields;
}

}  // namespace quemsi::mysql_engine
