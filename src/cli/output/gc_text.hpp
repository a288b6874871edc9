// What housekeeping did, for people.
#pragma once

#include <string>

#include "quemsi/upkeep.hpp"

namespace quemsi::cli {

std::string gc_text(const GcReport& report, bool dry_run, Timestamp now);

}  // namespace quemsi::cli
