#include "git/git_config.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <thread>
#include <utility>

#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr int not_found = 1;
constexpr int nothing_to_unset = 5;
constexpr int most_tries = 20;
constexpr std::chrono::milliseconds between_tries(25);

/// git gives up at once when another process writes the file.
ProcessResult write_when_free(const GitCommand& git, const std::vector<std::string>& arguments) {
  for (int left = most_tries;; --left) {
    ProcessResult result = git.run(arguments);
    const bool locked = result.exit_code != 0 &&
                        result.err.find("could not lock config file") != std::string::npos &&
                        result.err.find("File exists") != std::string::npos;
    if (!locked) return result;
    if (left == 0) {
      throw git_error(ErrorKind::busy, "config", result)
          .hint("if no git is running, remove the lock: rm '" +
                (git.location().common_dir / "config.lock").string() + "'");
    }
    std::this_thread::sleep_for(between_tries);
  }
}

/// As git prints a key: all in lower case but what stands between the dots.
std::string canonical(std::string key) {
  const auto lower = [&key](std::size_t from, std::size_t to) {
    std::transform(key.begin() + static_cast<std::ptrdiff_t>(from),
                   key.begin() + static_cast<std::ptrdiff_t>(to),
                   key.begin() + static_cast<std::ptrdiff_t>(from),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  };
  lower(0, std::min(key.find('.'), key.size()));
  lower(key.rfind('.') + 1, key.size());
  return key;
}

}  // namespace

std::map<std::string, std::string> read_config_matching(const GitCommand& git,
                                                        std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"config", "--null"});
  const ProcessResult result = git.run(std::move(arguments));
  if (result.exit_code > not_found) throw git_error(ErrorKind::config, "config", result);
  std::map<std::string, std::string> values;
  for (const std::string& entry : split(result.out, '\0')) {
    const std::size_t end = entry.find('\n');
    if (entry.empty()) continue;
    // A key without `=` means true.
    values[entry.substr(0, end)] = end == std::string::npos ? "true" : entry.substr(end + 1);
  }
  return values;
}

GitConfig read_config(const GitCommand& git) {
  return GitConfig(read_config_matching(git, {"--list"}));
}

std::optional<std::string> GitConfig::value(const std::string& key) const {
  const auto found = values_.find(canonical(key));
  return found != values_.end() ? std::optional(found->second) : std::nullopt;
}

std::map<std::string, std::string> GitConfig::section(const std::string& name) const {
  const std::string prefix = name + ".";
  std::map<std::string, std::string> result;
  for (auto entry = values_.lower_bound(prefix);
       entry != values_.end() && entry->first.starts_with(prefix); ++entry) {
    std::string key = entry->first.substr(prefix.size());
    if (key.find('.') == std::string::npos) result.emplace(std::move(key), entry->second);
  }
  return result;
}

void remove_local_section(const GitCommand& git, const std::string& section) {
  const ProcessResult result =
      write_when_free(git, {"config", "--local", "--remove-section", section});
  if (result.exit_code != 0) throw git_error(ErrorKind::config, "config", result);
}

void write_local_config(const GitCommand& git, const std::string& key, const std::string& value) {
  const ProcessResult result =
      write_when_free(git, {"config", "--local", "--replace-all", "--", key, value});
  if (result.exit_code != 0) throw git_error(ErrorKind::config, "config", result);
}

void remove_local_config(const GitCommand& git, const std::string& key) {
  const ProcessResult result = write_when_free(git, {"config", "--local", "--unset-all", key});
  if (result.exit_code != 0 && result.exit_code != nothing_to_unset) {
    throw git_error(ErrorKind::config, "config", result);
  }
}

}  // namespace quemsi
