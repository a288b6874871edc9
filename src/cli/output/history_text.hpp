// Commits and snapshots together, for people.
#pragma once

#include <string>

#include "cli/style.hpp"
#include "quemsi/workflow.hpp"

namespace quemsi::cli {

/// A line a commit, as git drew it, with its snapshots behind; a star stands for live.
std::string history_text(const History& history, const Style& style);

}  // namespace quemsi::cli
