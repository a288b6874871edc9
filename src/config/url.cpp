#include "config/url.hpp"

#include <algorithm>
#include <charconv>

#include "util/text.hpp"

namespace quemsi::config {
namespace {

std::size_t characters(std::string_view utf8) {
  const auto starts = [](unsigned char c) { return (c & 0xc0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), starts));
}

}  // namespace

std::optional<std::string> problem_with_name(std::string_view name) {
  constexpr std::size_t longest = 200;
  if (trim(name).empty()) return "is empty";
  if (!is_valid_utf8(name)) return "is not UTF-8";
  if (has_control_characters(name)) return "holds a control character";
  if (characters(name) > longest) return "is longer than 200 characters";
  return std::nullopt;
}

std::optional<std::string> problem_with_url(std::string_view url) {
  if (trim(url).empty()) return "is empty";
  if (url.size() > longest_url) return "is too long";
  if (!is_valid_utf8(url)) return "is not UTF-8";
  if (has_control_characters(url)) return "holds a control character";
  if (!has_clear_authority(url)) {
    return "has a '@', '?' or '#' in its user, password or path; write %40, %3F or %23 there";
  }
  return std::nullopt;
}

std::string decode_percent(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned int byte = 0;
    const std::string_view digits = text[at] == '%' ? text.substr(at + 1, 2) : std::string_view{};
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    const bool valid = digits.size() == 2 && stop == digits.data() + 2;
    decoded += valid ? static_cast<char>(byte) : text[at];
    if (valid) at += 2;
  }
  return decoded;
}

bool is_sqlite_url(std::string_view url) {
  return url.starts_with("sqlite:") || url.starts_with("sqlite3:") || url.starts_with("file:");
}

bool has_clear_authority(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == npos || is_sqlite_url(url)) return true;
  const std::string_view rest = url.substr(scheme + 3);
  const std::size_t stop = rest.find_first_of("@/");
  if (stop == npos) return true;
  const bool has_user = rest[stop] == '@';
  if (has_user && rest.substr(0, stop).find_first_of("?#") != npos) return false;
  const std::string_view after = rest.substr(stop + 1);
  return after.substr(0, after.find('?')).find('@') == npos;
}

}  // namespace quemsi::config
