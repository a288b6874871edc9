// The words before the verb, and the verb.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace quemsi::cli {

struct Invocation {
  std::map<std::string, std::string> flags;  ///< --config KEY=VALUE
  const CommandEntry* entry = nullptr;
  std::vector<std::string> words;  ///< what follows the verb
};

/// The entry whose name the words start with; `length` is set to how many words that took.
const CommandEntry* find_command(const std::vector<std::string>& words, std::size_t& length);
/// Throws UsageError with the nearest names for an unknown verb.
Invocation read_invocation(std::vector<std::string> words);
/// Throws UsageError unless it is KEY=VALUE.
void add_flag(std::map<std::string, std::string>& flags, const std::string& assignment);

}  // namespace quemsi::cli
