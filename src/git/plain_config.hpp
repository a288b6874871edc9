// Reads the config file of a repository without git, where that is safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quemsi {

struct ConfigEntry {
  std::string section;               ///< lower case
  std::string subsection;            ///< as written
  std::string key;                   ///< lower case
  std::optional<std::string> value;  ///< none for `key` without `=`, which means true
};

/// The entries of one file, in order; includes are not followed. None when it uses
/// anything rare (continued lines, `[section.subsection]`) or is damaged: ask git.
std::optional<std::vector<ConfigEntry>> parse_plain_config(std::string_view text);

}  // namespace quemsi
