// Help texts, drawn from the table and the syntaxes.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace quemsi::cli {

/// "usage: git quemsi restore [<options>] [SNAPSHOT]\n"
std::string usage_line(const CommandEntry& entry, const Syntax& syntax);
std::string command_help(const CommandEntry& entry, const Syntax& syntax);
/// All verbs.
std::string overview();

}  // namespace quemsi::cli
