// The files that `init` writes.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "config/descriptors.hpp"
#include "config/shown.hpp"
#include "config/url.hpp"
#include "quemsi/config.hpp"

namespace quemsi {
namespace {

/// True for text that every YAML reader takes for itself without quotes.
bool is_plain(std::string_view text) {
  static constexpr std::array<std::string_view, 8> words{"true", "false", "yes",  "no",
                                                         "on",   "off",   "null", "y"};
  const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  const auto is_safe = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("_-./:@?=&%+,~${}").find(static_cast<char>(c)) !=
               std::string_view::npos;
  };
  const std::string_view begins = text.substr(0, 1);
  return (begins == "$" || std::any_of(begins.begin(), begins.end(), is_letter)) &&
         std::all_of(text.begin(), text.end(), is_safe) && !text.ends_with(':') &&
         std::find(words.begin(), words.end(), text) == words.end();
}

std::string yaml_text(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

/// A password may look like one.
std::string without_variables(std::string_view url) {
  if (url.find("://") == std::string_view::npos) return std::string(url);
  std::string text;
  for (const char c : url) text += c == '$' ? "%24" : std::string(1, c);
  return text;
}

void check(const DatabaseCandidate& database, std::set<std::string>& names) {
  const std::string name = config::shown(database.name);
  if (const auto problem = config::problem_with_name(database.name)) {
    throw Error(ErrorKind::config, fmt::format("the name of the database {} {}", name, *problem));
  }
  if (const auto problem = config::problem_with_url(database.url)) {
    throw Error(ErrorKind::config, fmt::format("the URL of the database {} {}", name, *problem));
  }
  if (!names.insert(database.name).second) {
    throw Error(ErrorKind::config, fmt::format("two databases have the name {}", name));
  }
}

std::string database_lines(const DatabaseCandidate& database) {
  const std::string& url = database.reference.empty() ? database.url : database.reference;
  std::string comment;
  for (const char c : database.source) {
    comment += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  if (!comment.empty()) comment = fmt::format("  # from {}\n", comment);
  return fmt::format("{}  {}: {}\n", comment, yaml_text(database.name), yaml_text(url));
}

/// The settings as comments, each with its default.
std::string settings_lines() {
  std::string text =
      "# Settings, each with its default. `git quemsi config` shows where they are set.\n";
  for (const config::Descriptor& row : config::descriptors()) {
    if (row.only_in_files) continue;
    text += fmt::format("#\n# {}\n# {}: {}\n", row.explanation, row.key, row.default_text);
  }
  return text;
}

}  // namespace

std::string new_config_text(const std::vector<DatabaseCandidate>& databases) {
  std::set<std::string> names;
  std::string text =
      "# Which databases follow the git branch. What differs on your machine goes into\n"
      "# .quemsi.local.yml, which is not committed.\n"
      "version: 1\n\n"
      "# NAME: URL. ${NAME} and ${NAME:-default} are taken from the environment or .env;\n"
      "# keep passwords there.\n"
      "databases:\n";
  if (databases.empty()) text += "  # app: sqlite:db/app.sqlite3\n";
  for (const DatabaseCandidate& database : databases) {
    check(database, names);
    text += database_lines(database);
  }
  return text + '\n' + settings_lines();
}

std::string new_local_config_text(const std::vector<DatabaseCandidate>& databases) {
  std::set<std::string> names;
  std::string text =
      "# What differs on this machine, in place of what .quemsi.yml says. Not committed.\n"
      "version: 1\n\n"
      "databases:\n";
  for (const DatabaseCandidate& database : databases) {
    check(database, names);
    text += fmt::format("  {}: {}\n", yaml_text(database.name),
                        yaml_text(without_variables(database.url)));
  }
  return text;
}

}  // namespace quemsi
