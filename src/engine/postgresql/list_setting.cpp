#include "engine/postgresql/list_setting.hpp"

#include <algorithm>
#include <array>

#include "engine/postgresql/connection.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// The settings that the server stores element by element.
bool is_list(std::string_view name) {
  static constexpr std::array<std::string_view, 6> lists{
      "local_preload_libraries",  "search_path",      "session_preload_libraries",
      "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories"};
  return std::ranges::find(lists, name) != lists.end();
}

/// Takes the next element, and the comma behind it, off the front.
std::string take_element(std::string_view& rest) {
  rest = trim(rest);
  std::string element;
  if (!rest.starts_with('"')) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    element = trim(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    return element;
  }
  std::size_t at = 1;
  for (; at < rest.size(); ++at) {
    if (rest[at] == '"' && rest.substr(at + 1, 1) != "\"") break;
    if (rest[at] == '"') ++at;
    element += rest[at];
  }
  const std::size_t comma = std::min(rest.find(',', std::min(at, rest.size())), rest.size());
  rest.remove_prefix(std::min(comma + 1, rest.size()));
  return element;
}

}  // namespace

std::vector<std::string> split_list(std::string_view stored) {
  std::vector<std::string> elements;
  while (!trim(stored).empty()) elements.push_back(take_element(stored));
  return elements;
}

std::string quote_setting_name(std::string_view name) {
  std::vector<std::string> parts = split(name, '.');
  for (std::string& part : parts) part = quote_identifier(part);
  return join(parts, ".");
}

std::string quote_setting_value(std::string_view name, std::string_view stored) {
  if (!is_list(name)) return quote_literal(stored);
  std::vector<std::string> elements = split_list(stored);
  for (std::string& element : elements) element = quote_literal(element);
  return elements.empty() ? "''" : join(elements, ", ");
}

}  // namespace quemsi::postgresql_engine
