// Time, as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "quemsi/ids.hpp"

namespace quemsi {

Timestamp system_now();
/// "2026-03-01T12:34:56.789Z"
std::string format_iso(Timestamp time);
std::optional<Timestamp> parse_iso(std::string_view text);
/// "3 minutes ago", in git's manner.
std::string format_age(Timestamp time, Timestamp now);

}  // namespace quemsi
