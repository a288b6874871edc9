// config/database.yml, as far as it can be understood without Ruby.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "config/dotenv.hpp"
#include "config/expand.hpp"
#include "config/find.hpp"
#include "config/small_file.hpp"
#include "config/url.hpp"
#include "config/yaml_tree.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::config {
namespace {

constexpr const char* file_name = "config/database.yml";

/// Takes the next quoted text or number off the front of some Ruby.
std::string take_literal(std::string_view& code) {
  const std::size_t start = code.find_first_of("\"'0123456789");
  if (start == npos) return {};
  const bool quoted = code[start] == '"' || code[start] == '\'';
  const std::size_t begin = quoted ? start + 1 : start;
  const std::size_t end =
      std::min(quoted ? code.find(code[start], begin) : code.find_first_not_of("0123456789", begin),
               code.size());
  std::string literal(code.substr(begin, end - begin));
  code = code.substr(std::min(end + 1, code.size()));
  return literal;
}

/// `<%= ENV.fetch("DB_HOST") { "localhost" } %>` means "${DB_HOST:-localhost}"; of any other
/// code nothing is known.
std::string meaning_of(std::string_view code) {
  const std::size_t environment = code.find("ENV");
  if (!code.starts_with('=') || environment == npos) return {};
  code.remove_prefix(environment + 3);
  const std::string name = take_literal(code);
  if (!is_variable_name(name)) return {};
  return fmt::format("${{{}:-{}}}", name, take_literal(code));
}

std::string without_ruby(std::string_view text) {
  std::string result;
  for (;;) {
    const std::size_t start = text.find("<%");
    result += text.substr(0, start);
    const std::size_t end = start == npos ? npos : text.find("%>", start);
    if (end == npos) return result;
    result += meaning_of(text.substr(start + 2, end - start - 2));
    text.remove_prefix(end + 2);
  }
}

/// A key of a map, or of the maps that it merges in.
std::string value_of(const YamlNode& map, std::string_view key) {
  if (const YamlNode* value = map.find(key)) return value->text;
  const YamlNode* merged = map.find("<<");
  return merged == nullptr ? std::string{} : value_of(*merged, key);
}

bool is_template(std::string_view text) { return text.find("${") != npos; }

/// For a part of a URL. What stands for a variable is left as it is.
std::string encoded(std::string_view text) {
  if (is_template(text)) return std::string(text);
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != npos;
    result += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return result;
}

/// The URL in the form that .quemsi.yml has, with variables. A password is only passed on as one.
std::string server_url(std::string_view scheme, const YamlNode& map) {
  const std::string user = encoded(value_of(map, "username"));
  const std::string password = value_of(map, "password");
  const std::string port = encoded(value_of(map, "port"));
  const std::string socket = value_of(map, "socket");
  std::string url = fmt::format("{}://{}", scheme, user);
  if (!user.empty() && is_template(password)) url += ':' + password;
  if (!user.empty()) url += '@';
  url += encoded(value_of(map, "host"));
  if (!port.empty()) url += ':' + port;
  url += '/' + encoded(value_of(map, "database"));
  if (!socket.empty()) url += "?socket=" + socket;
  return url;
}

std::string url_with_variables(const YamlNode& map) {
  const std::string adapter = value_of(map, "adapter");
  const std::string database = value_of(map, "database");
  if (database.empty()) return {};
  if (adapter == "sqlite3") {
    return "sqlite3:" + (is_template(database) ? database : escape_for_expand(database));
  }
  if (adapter == "postgresql" || adapter == "postgis") return server_url("postgresql", map);
  if (adapter == "mysql2" || adapter == "trilogy") return server_url("mysql", map);
  return {};
}

std::optional<DatabaseCandidate> candidate_of(const YamlNode& map, Variables& variables,
                                              const std::filesystem::path& top) {
  const std::string url = value_of(map, "url");
  for (const std::string& text : {url, url_with_variables(map)}) {
    const std::string full = expand(text, variables, file_name);
    const std::string reference = is_template(text) ? text : std::string{};
    if (auto candidate = candidate_of_url(full, reference, file_name, top)) return candidate;
  }
  return std::nullopt;
}

/// With several databases `development` holds a map for each.
std::vector<DatabaseCandidate> candidates_of(const YamlNode& section, Variables& variables,
                                             const std::filesystem::path& top) {
  std::vector<DatabaseCandidate> found;
  for (const YamlEntry& entry : section.entries) {
    if (entry.value->kind != YamlNode::Kind::map || entry.key == "<<") continue;
    auto candidate = candidate_of(*entry.value, variables, top);
    if (!candidate) continue;
    if (!problem_with_name(entry.key)) candidate->name = entry.key;
    found.push_back(std::move(*candidate));
  }
  if (!found.empty()) return found;
  if (auto candidate = candidate_of(section, variables, top))
    found.push_back(std::move(*candidate));
  return found;
}

}  // namespace

std::vector<DatabaseCandidate> rails_databases(const ConfigSources& sources) {
  try {
    const auto text = read_small_file(sources.top / "config" / "database.yml", file_name);
    if (!text) return {};
    const YamlNode root = parse_yaml(without_ruby(*text), file_name);
    const YamlNode* section = root.find("development");
    if (section == nullptr) return {};
    Variables variables(sources);
    return candidates_of(*section, variables, sources.top);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace quemsi::config
