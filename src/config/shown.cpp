#include "config/shown.hpp"

#include <algorithm>

#include "quemsi/config.hpp"
#include "util/text.hpp"

namespace quemsi::config {

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string result = mask_password(text);
  std::replace_if(
      result.begin(), result.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  if (result.size() <= longest) return '\'' + result + '\'';
  result.resize(longest);
  // At most three bytes of a character that the cut went through.
  while (!result.empty() && !is_valid_utf8(result)) result.pop_back();
  return '\'' + result + "...'";
}

}  // namespace quemsi::config
