#include "git/git_command.hpp"

#include <array>
#include <utility>

#include "git/environment.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;
using Environment = std::map<std::string, std::optional<std::string>>;

/// Untranslated, so that its messages can be told apart; silent; offline.
Environment quiet_environment() {
  return {{"LC_ALL", "C"}, {"GIT_TERMINAL_PROMPT", "0"}, {"GIT_NO_LAZY_FETCH", "1"}};
}

ProcessResult run(const fs::path& folder, std::vector<std::string> arguments,
                  Environment environment, std::string input = {}) {
  arguments.insert(arguments.begin(), "git");
  return run_process({.argv = std::move(arguments),
                      .cwd = folder,
                      .input = std::move(input),
                      .environment = std::move(environment)});
}

}  // namespace

ProcessResult run_git_at(const fs::path& start, std::vector<std::string> arguments) {
  static constexpr std::array paths{"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"};
  Environment changes = quiet_environment();
  for (const char* name : paths) {
    // They are relative to where we are, which need not be where git starts.
    if (const auto value = environment(name)) changes[name] = fs::absolute(*value).string();
  }
  return run(start, std::move(arguments), std::move(changes));
}

GitCommand::GitCommand(Location location)
    : location_(std::move(location)), environment_(quiet_environment()) {
  environment_["GIT_DIR"] = location_.git_dir.string();
  environment_["GIT_WORK_TREE"] = location_.top.string();
  if (environment("GIT_COMMON_DIR")) environment_["GIT_COMMON_DIR"] = location_.common_dir.string();
  for (const char* name : {"GIT_INDEX_FILE", "GIT_PREFIX", "GIT_CONFIG"}) {
    environment_[name] = std::nullopt;
  }
}

ProcessResult GitCommand::run(std::vector<std::string> arguments, std::string input) const {
  return quemsi::run(location_.top, std::move(arguments), environment_, std::move(input));
}

std::string GitCommand::output(std::vector<std::string> arguments) const {
  const std::string verb = arguments.at(0);
  ProcessResult result = run(std::move(arguments));
  if (result.exit_code != 0) throw git_error(ErrorKind::unsupported, verb, result);
  return std::move(result.out);
}

Error git_error(ErrorKind kind, const std::string& verb, const ProcessResult& result) {
  Error error(kind, "git " + verb + " failed");
  const std::string_view words = trim(result.err);
  error.cause(words.empty() ? "it ended with exit code " + std::to_string(result.exit_code)
                            : std::string(words));
  return error;
}

}  // namespace quemsi
