#include "config/expand.hpp"

#include <fmt/core.h>

#include <cstddef>

#include "config/dotenv.hpp"
#include "config/layer_values.hpp"
#include "config/shown.hpp"
#include "config/url.hpp"
#include "util/text.hpp"

namespace quemsi::config {
namespace {

constexpr int deepest = 8;  // ${A:-${B:-...}}

std::optional<std::string> find_in(const std::map<std::string, std::string>& map,
                                   const std::string& name) {
  const auto found = map.find(name);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

/// Where the brace that opens before `text` closes, nested ones counted.
std::size_t closing_brace(std::string_view text) {
  int open = 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '}' && --open == 0) return at;
    if (text.substr(at, 2) == "${") ++open;
  }
  return npos;
}

class Expansion {
 public:
  Expansion(Variables& variables, const std::string& place)
      : variables_(variables), place_(place) {}

  std::string expand(std::string_view text, int depth) {
    if (depth == deepest) fail_at(place_, "${...} is nested too deeply");
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
      const std::string_view rest = text.substr(at);
      if (rest.starts_with("${")) {
        const std::size_t length = closing_brace(rest.substr(2));
        if (length == npos) fail_at(place_, "a ${ is never closed", {"write $$ for a plain $"});
        result += value_of(rest.substr(2, length), depth);
        at += length + 3;
      } else {
        result += rest.front();
        at += rest.starts_with("$$") ? 2 : 1;
      }
      if (result.size() > longest_url) fail_at(place_, "the URL is too long");
    }
    return result;
  }

 private:
  /// `inside` is what stands between the braces.
  std::string value_of(std::string_view inside, int depth) {
    const std::size_t colon = inside.find(":-");
    const std::string name(inside.substr(0, colon));
    if (!is_variable_name(name)) {
      fail_at(place_, fmt::format("{} is no name of a variable", shown(name)),
              {"write ${NAME} or ${NAME:-default}; $$ for a plain $"});
    }
    const auto value = variables_.find(name);
    if (value && (colon == npos || !value->empty())) return *value;
    if (colon != npos) return expand(inside.substr(colon + 2), depth + 1);
    fail_at(place_, fmt::format("the variable {} is not set", name),
            {fmt::format("set it in the environment or as a line {}=... in .env", name),
             fmt::format("or give a default: ${{{}:-...}}", name)});
  }

  Variables& variables_;
  const std::string& place_;
};

}  // namespace

std::optional<std::string> Variables::find(const std::string& name) {
  if (sources_.environment) {
    if (auto value = sources_.environment(name)) return value;
  }
  if (!dotenv_) dotenv_ = read_dotenv(sources_.top, sources_.environment);
  if (auto value = find_in(*dotenv_, name)) return value;
  return find_in(sources_.variables, name);
}

std::string expand(std::string_view text, Variables& variables, const std::string& place) {
  return Expansion(variables, place).expand(text, 0);
}

std::string escape_for_expand(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped.append(c == '$' ? 2 : 1, c);
  return escaped;
}

}  // namespace quemsi::config
