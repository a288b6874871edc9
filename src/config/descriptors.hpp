// The table of settings. A setting is one row; the file, git config, the environment, flags,
// `git quemsi config`, suggestions and the commented file that `init` writes follow from it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/config.hpp"

namespace quemsi::config {

struct Descriptor {
  std::string_view key;           ///< dotted: "follow.branches" stands below `follow:` in the file
  std::string_view default_text;  ///< what Config{} holds
  std::string_view expects;       ///< completes "must be ..."
  std::string_view explanation;   ///< one line
  bool only_in_files;             ///< neither git config, environment nor flags
  /// False when the text is not what the setting expects.
  bool (*set)(Config& config, std::string_view text);
};

/// `databases` is no row: it holds names that the user chose.
inline constexpr std::string_view databases_key = "databases";

std::span<const Descriptor> descriptors();
/// None when there is no such key.
const Descriptor* find_descriptor(std::string_view key);
/// True for "follow", which holds settings and is none.
bool is_group(std::string_view key);

/// "QUEMSI_FOLLOW_BRANCHES"
std::string environment_name(const Descriptor& descriptor);
/// "followBranches", below the section `quemsi`; git ignores case.
std::string git_name(const Descriptor& descriptor);

/// Hints for a key that nobody knows: the nearest one, else how to list them all.
std::vector<std::string> unknown_key_hints(std::string_view key);

}  // namespace quemsi::config
