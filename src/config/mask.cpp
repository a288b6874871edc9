// Where the password stands in a URL, or in libpq's key=value text.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>

#include "config/url.hpp"
#include "quemsi/config.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr std::string_view stars = "***";

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

bool is_secret(std::string_view key) {
  static constexpr std::array<std::string_view, 4> secrets{"password", "sslpassword", "passwd",
                                                           "pwd"};
  // Drivers decode percent signs in the names of parameters as well.
  std::string name = config::decode_percent(trim(key));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(secrets.begin(), secrets.end(), name) != secrets.end();
}

/// "host=... password='it''s'": a word, then an equals sign.
bool is_key_value(std::string_view text) {
  const std::string_view rest = text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
  const auto* end = std::find_if(rest.begin(), rest.end(),
                                 [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; });
  const auto equals = rest.find_first_not_of(" \t", static_cast<std::size_t>(end - rest.begin()));
  return end != rest.begin() && equals != npos && rest[equals] == '=';
}

/// The end of a value that starts at `at`, quoted or not, by libpq's rules.
std::size_t value_end(std::string_view text, std::size_t at) {
  const bool quoted = at < text.size() && text[at] == '\'';
  if (quoted) ++at;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (quoted && text[at] == '\'') {
      return at + 1;
    } else if (!quoted && is_space(text[at])) {
      return at;
    }
  }
  return text.size();
}

std::string mask_key_value(std::string_view text) {
  std::string masked;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t equals = text.find('=', at);
    if (equals == npos) return masked.append(text.substr(at));
    std::size_t value = equals + 1;
    while (value < text.size() && is_space(text[value])) ++value;
    const std::size_t end = value_end(text, value);
    const bool secret = is_secret(text.substr(at, equals - at));
    masked.append(text.substr(at, value - at));
    masked.append(secret ? stars : text.substr(value, end - value));
    at = end;
  }
  return masked;
}

std::string mask_parameters(std::string_view text) {
  const std::size_t question = text.find('?');
  if (question == npos) return std::string(text);
  std::string masked(text.substr(0, question));
  char separator = '?';
  for (const std::string& parameter : split(text.substr(question + 1), '&')) {
    const std::size_t equals = parameter.find('=');
    masked += separator;
    if (equals != std::string::npos && is_secret(std::string_view(parameter).substr(0, equals))) {
      masked.append(parameter, 0, equals + 1).append(stars);
    } else {
      masked += parameter;
    }
    separator = '&';
  }
  return masked;
}

/// Hides what stands between the user's colon and the host. Where it is open how far the
/// password goes, more is hidden rather than less.
std::string mask_user_info(std::string_view text) {
  const std::size_t scheme = text.find("://");
  const std::size_t start = scheme == npos ? 0 : scheme + 3;
  const bool clear = scheme != npos && config::has_clear_authority(text);
  const std::size_t at = clear ? text.find_first_of("@/", start) : text.rfind('@');
  const std::size_t colon = text.find(':', start);
  const bool has_password = at != npos && text[at] == '@' && colon < at;
  if (!has_password) return std::string(text);
  return fmt::format("{}{}{}", text.substr(0, colon + 1), stars, text.substr(at));
}

}  // namespace

std::string mask_password(std::string_view url) {
  if (is_key_value(url)) return mask_key_value(url);
  if (config::is_sqlite_url(url)) return mask_parameters(url);
  return mask_parameters(mask_user_info(url));
}

}  // namespace quemsi
