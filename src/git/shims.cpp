#include "git/shims.hpp"

#include <algorithm>

namespace quemsi {
namespace {

constexpr std::string_view placeholder = "@QUEMSI_PROGRAM@";
constexpr std::string_view escaped_quote = R"('\'')";

/// True for what shell_quote makes, and for nothing else.
bool is_shell_quoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '\'' || text.back() != '\'') return false;
  text = text.substr(1, text.size() - 2);
  for (std::size_t at = text.find('\''); at != std::string_view::npos; at = text.find('\'')) {
    // An escaped quote closes, adds one, and opens again: '\''
    if (!text.substr(at).starts_with(escaped_quote)) return false;
    text.remove_prefix(at + escaped_quote.size());
  }
  return true;
}

bool is_rendered_from(std::string_view pattern, std::string_view text) {
  const std::size_t at = pattern.find(placeholder);
  const std::string_view before = pattern.substr(0, at);
  const std::string_view after = pattern.substr(at + placeholder.size());
  return text.size() > before.size() + after.size() && text.starts_with(before) &&
         text.ends_with(after) &&
         is_shell_quoted(text.substr(before.size(), text.size() - before.size() - after.size()));
}

}  // namespace

ShimMatch match_shim(const Shim& shim, std::string_view text) {
  if (is_rendered_from(shim.text, text)) return ShimMatch::current;
  const bool known = std::any_of(shim.past.begin(), shim.past.end(), [text](std::string_view past) {
    return is_rendered_from(past, text);
  });
  return known ? ShimMatch::past : ShimMatch::none;
}

std::string render_shim(const Shim& shim, const std::filesystem::path& program) {
  std::string text(shim.text);
  return text.replace(text.find(placeholder), placeholder.size(), shell_quote(program.string()));
}

std::string shell_quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += escaped_quote;
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace quemsi
