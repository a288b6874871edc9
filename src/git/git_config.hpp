// Settings, as the git command knows them: libgit2 has never heard of `-c`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "git/git_command.hpp"
#include "quemsi/git.hpp"

namespace quemsi {

// All throw Error(config) with git's words when a file is damaged.

GitConfig read_config(const GitCommand& git);
/// Runs `git config` with these arguments; full keys to values, the last of each.
std::map<std::string, std::string> read_config_matching(const GitCommand& git,
                                                        std::vector<std::string> arguments);

/// Replaces every value of the key in the repository's own file. Waits for another
/// writer a moment, then throws Error(busy).
void write_local_config(const GitCommand& git, const std::string& key, const std::string& value);
void remove_local_config(const GitCommand& git, const std::string& key);
void remove_local_section(const GitCommand& git, const std::string& section);

}  // namespace quemsi
