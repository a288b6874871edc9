#include "config/dotenv.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "config/small_file.hpp"
#include "util/text.hpp"

namespace quemsi::config {
namespace {

std::string unescape(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      result += text[at];
      continue;
    }
    const char next = text[++at];
    switch (next) {
      case 'n':
        result += '\n';
        break;
      case 'r':
        result += '\r';
        break;
      case 't':
        result += '\t';
        break;
      case '"':
      case '\\':
      case '$':
        result += next;
        break;
      default:
        (result += '\\') += next;
    }
  }
  return result;
}

/// Where the quote that opens at 0 closes; npos when it does not.
std::size_t closing_quote(std::string_view text) {
  const char quote = text.front();
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == quote) return at;
    if (quote == '"' && text[at] == '\\') ++at;
  }
  return npos;
}

std::string_view without_comment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != npos; at = line.find('#', at + 1)) {
    if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return line.substr(0, at);
  }
  return line;
}

std::string_view skip_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// Takes a line off the front, without its end.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == npos ? std::string_view{} : rest.substr(end + 1);
  return line;
}

/// Also "a ${NAME} b": `find` gives what it stands for.
std::string replace_names(std::string_view text, const Lookup& find) {
  std::string result;
  for (std::size_t start = text.find("${"); start != npos; start = text.find("${")) {
    const std::size_t end = text.find('}', start);
    if (end == npos) break;
    const auto value = find(std::string(text.substr(start + 2, end - start - 2)));
    result += text.substr(0, start);
    result += value ? *value : text.substr(start, end + 1 - start);
    text.remove_prefix(end + 1);
  }
  return result.append(text);
}

/// Takes the value that begins at the front; a quoted one may span lines.
std::string take_value(std::string_view& rest, const Lookup& find) {
  rest = skip_blanks(rest);
  const bool quoted = !rest.empty() && (rest.front() == '"' || rest.front() == '\'');
  const std::size_t end = quoted ? closing_quote(rest) : npos;
  if (end == npos) return replace_names(trim(without_comment(take_line(rest))), find);
  const bool literal = rest.front() == '\'';
  const std::string_view inside = rest.substr(1, end - 1);
  rest = rest.substr(end + 1);
  take_line(rest);
  return literal ? std::string(inside) : replace_names(unescape(inside), find);
}

std::string_view without_export(std::string_view name) {
  constexpr std::string_view word = "export";
  const bool has = name.starts_with(word) && name.size() > word.size() &&
                   (name[word.size()] == ' ' || name[word.size()] == '\t');
  return has ? trim(name.substr(word.size())) : name;
}

}  // namespace

bool is_variable_name(std::string_view name) {
  const auto is_word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(), is_word);
}

std::map<std::string, std::string> parse_dotenv(std::string_view text, const Lookup& environment) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::map<std::string, std::string> variables;
  const Lookup find = [&](const std::string& name) -> std::optional<std::string> {
    if (environment) {
      if (auto value = environment(name)) return value;
    }
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  while (!text.empty()) {
    const std::size_t stop = text.find_first_of("=\n");
    if (stop == npos) break;
    const bool assigns = text[stop] == '=';
    const std::string_view name = without_export(trim(text.substr(0, stop)));
    if (!assigns || !is_variable_name(name)) {
      take_line(text);
      continue;
    }
    text.remove_prefix(stop + 1);
    variables.insert_or_assign(std::string(name), take_value(text, find));
  }
  return variables;
}

std::map<std::string, std::string> read_dotenv(const std::filesystem::path& top,
                                               const Lookup& environment) {
  const auto text = read_small_file(top / ".env", ".env");
  return text ? parse_dotenv(*text, environment) : std::map<std::string, std::string>{};
}

}  // namespace quemsi::config
