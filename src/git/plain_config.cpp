#include "git/plain_config.hpp"

#include <algorithm>
#include <cctype>

#include "util/text.hpp"

namespace quemsi {
namespace {

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// Takes the longest section or key name off the front of `text`.
std::string take_name(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_name_character);
  const auto length = static_cast<std::size_t>(end - text.begin());
  std::string name = lower(text.substr(0, length));
  text.remove_prefix(length);
  return name;
}

bool is_blank_or_comment(std::string_view text) {
  return text.empty() || text[0] == '#' || text[0] == ';';
}

/// Takes `"..."` off the front of `text`.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string result;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return result;
    }
    if (text[i] == '\\' && ++i == text.size()) return std::nullopt;
    result += text[i];
  }
  return std::nullopt;
}

/// Takes `[section]` or `[section "subsection"]` off the front of `line`.
std::optional<ConfigEntry> take_header(std::string_view& line) {
  ConfigEntry header;
  line.remove_prefix(1);
  header.section = take_name(line);
  line = trim(line);
  if (!line.empty() && line[0] == '"') {
    std::optional<std::string> subsection = take_quoted(line);
    if (!subsection) return std::nullopt;
    header.subsection = std::move(*subsection);
  }
  if (header.section.empty() || line.empty() || line[0] != ']') return std::nullopt;
  line = trim(line.substr(1));
  return header;
}

std::optional<char> unescape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case '"':
    case '\\':
      return c;
    default:
      return std::nullopt;
  }
}

std::optional<std::string> parse_value(std::string_view text) {
  std::string value;
  std::size_t kept = 0;  // up to the last character that is not unquoted white space
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '"') {
      quoted = !quoted;
      kept = value.size();
      continue;
    }
    if (!quoted && (c == '#' || c == ';')) break;
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (c == '\\') {
      const std::optional<char> escaped =
          ++i < text.size() ? unescape(text[i]) : std::optional<char>();
      if (!escaped) return std::nullopt;
      c = *escaped;
    }
    value += c;
    if (quoted || !blank) kept = value.size();
  }
  if (quoted) return std::nullopt;
  value.resize(kept);
  return value;
}

/// `key`, or `key = value`, into `entry`; false when it is neither.
bool parse_setting(std::string_view line, ConfigEntry& entry) {
  entry.key = take_name(line);
  line = trim(line);
  entry.value.reset();
  if (entry.key.empty()) return false;
  if (is_blank_or_comment(line)) return true;
  if (line[0] != '=') return false;
  entry.value = parse_value(trim(line.substr(1)));
  return entry.value.has_value();
}

}  // namespace

std::optional<std::vector<ConfigEntry>> parse_plain_config(std::string_view text) {
  std::vector<ConfigEntry> entries;
  ConfigEntry current;
  for (const std::string& raw : split(text, '\n')) {
    std::string_view line = trim(raw);
    if (is_blank_or_comment(line)) continue;
    if (line.back() == '\\') return std::nullopt;
    if (line[0] == '[') {
      std::optional<ConfigEntry> header = take_header(line);
      if (!header) return std::nullopt;
      current = std::move(*header);
      if (is_blank_or_comment(line)) continue;
    }
    if (current.section.empty() || !parse_setting(line, current)) return std::nullopt;
    entries.push_back(current);
  }
  return entries;
}

}  // namespace quemsi
