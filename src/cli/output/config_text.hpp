// Settings and where they come from.
#pragma once

#include <string>
#include <vector>

#include "quemsi/config.hpp"

namespace quemsi::cli {

/// "file:.quemsi.yml:3", "command line", ...
std::string origin_text(const ConfigOrigin& origin);
/// `key=value` a line; with origins before, and what each value won over below.
std::string config_text(const std::vector<ConfigSetting>& settings, bool show_origin);
/// Lines that are in `now` only with "+ ", those in `before` only with "- ".
std::string trust_text(const std::string& before, const std::string& now);

}  // namespace quemsi::cli
