// What a configuration must be trusted for.
#pragma once

#include <string>

#include "quemsi/config.hpp"

namespace quemsi::config {

/// A line each, in a fixed order: databases, tools, and what files say that makes gc keep less than
/// it would by itself. Names and values hold no line ends, and only a database's line begins with
/// a single word: configurations that differ in these never share a text, nor a set of lines.
std::string sensitive_text(const Config& config);

}  // namespace quemsi::config
