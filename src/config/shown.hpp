// Text from outside, made fit for an error message.
#pragma once

#include <string>
#include <string_view>

namespace quemsi::config {

/// In quotes, without password or control characters, cut when it is long.
std::string shown(std::string_view text);

}  // namespace quemsi::config
