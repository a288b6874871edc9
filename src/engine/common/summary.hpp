// An image's last section: what each of those before it came to.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/common/tally.hpp"

namespace quemsi {

inline constexpr const char* summary_section = "summary";

/// A line a section: its name, chunks, rows, bytes, checksum.
using Summary = std::vector<std::pair<std::string, Tally>>;
std::string summary_text(const Summary& summary);
/// None when it is malformed.
std::optional<std::map<std::string, Tally>> parse_summary(std::string_view text);

}  // namespace quemsi
