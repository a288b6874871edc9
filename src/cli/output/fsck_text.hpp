// What fsck found.
#pragma once

#include <string>

#include "quemsi/upkeep.hpp"

namespace quemsi::cli {

/// Nothing found, or all of it repaired without a loss.
bool is_sound(const FsckReport& report);
std::string fsck_text(const FsckReport& report, bool repair);

}  // namespace quemsi::cli
