// Words against a syntax, by getopt_long: long options may be cut short as in git, options and
// arguments may mix, `--` ends the options.
#pragma once

#include <string>
#include <vector>

#include "cli/syntax.hpp"

namespace quemsi::cli {

enum class Parsed { command, help };

/// Hands every value to its target, byte for byte. Throws UsageError.
Parsed parse(const Syntax& syntax, const std::vector<std::string>& words);

}  // namespace quemsi::cli
