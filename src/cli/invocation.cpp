#include "cli/invocation.hpp"

#include "util/text.hpp"

namespace quemsi::cli {
namespace {

constexpr std::string_view config_option = "--config";

/// Takes `--config X` or `--config=X` off the front; false when there is none.
bool take_config(std::vector<std::string>& words, std::map<std::string, std::string>& flags) {
  if (words.empty() || !words[0].starts_with(config_option)) return false;
  const std::string rest = words[0].substr(config_option.size());
  if (rest.starts_with('=')) {
    add_flag(flags, rest.substr(1));
    words.erase(words.begin());
    return true;
  }
  if (!rest.empty()) return false;
  if (words.size() < 2) throw UsageError("option --config wants a value");
  add_flag(flags, words[1]);
  words.erase(words.begin(), words.begin() + 2);
  return true;
}

bool is_group(const std::string& word) {
  for (const CommandEntry& entry : command_table()) {
    if (entry.name.starts_with(word + " ")) return true;
  }
  return false;
}

[[noreturn]] void throw_unknown(const std::vector<std::string>& words) {
  const bool group = is_group(words[0]);
  const std::string prefix = group ? words[0] + " " : "";
  std::vector<std::string> names;
  for (const CommandEntry& entry : command_table()) {
    if (entry.name.starts_with(prefix)) names.emplace_back(entry.name);
  }
  const std::string typed = group && words.size() > 1 ? prefix + words[1] : words[0];
  std::string message = "'" + typed + "' is not a git quemsi command";
  std::vector<std::string> meant = group ? names : nearest(typed, names);
  if (!meant.empty()) message += "; did you mean\n    " + join(meant, "\n    ");
  throw UsageError(message);
}

}  // namespace

void add_flag(std::map<std::string, std::string>& flags, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw UsageError("option --config wants KEY=VALUE, not '" + assignment + "'");
  }
  flags[assignment.substr(0, equals)] = assignment.substr(equals + 1);
}

const CommandEntry* find_command(const std::vector<std::string>& words, std::size_t& length) {
  for (length = 2; length > 0; --length) {
    if (words.size() < length) continue;
    const std::string name = length == 2 ? words[0] + " " + words[1] : words[0];
    for (const CommandEntry& entry : command_table()) {
      if (entry.name == name) return &entry;
    }
  }
  return nullptr;
}

Invocation read_invocation(std::vector<std::string> words) {
  Invocation invocation;
  while (take_config(words, invocation.flags)) {
  }
  if (words.empty()) throw UsageError("which command?");
  if (words[0].starts_with("-")) throw UsageError("unknown option '" + words[0] + "'");
  std::size_t length = 0;
  invocation.entry = find_command(words, length);
  if (invocation.entry == nullptr) throw_unknown(words);
  invocation.words.assign(words.begin() + static_cast<std::ptrdiff_t>(length), words.end());
  return invocation;
}

}  // namespace quemsi::cli
