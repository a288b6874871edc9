// Running the git command.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "git/location.hpp"
#include "quemsi/error.hpp"
#include "util/process.hpp"

namespace quemsi {

/// Runs git in `start` and lets it find the repository, as the user's git would.
ProcessResult run_git_at(const std::filesystem::path& start, std::vector<std::string> arguments);

/// Runs git on one repository, whatever the environment says of another: a hook's
/// GIT_INDEX_FILE and GIT_PREFIX are dropped, `-c` settings are kept. Never asks
/// anything, and fetches nothing.
class GitCommand {
 public:
  explicit GitCommand(Location location);

  [[nodiscard]] const Location& location() const noexcept { return location_; }
  /// `input`: for its stdin.
  [[nodiscard]] ProcessResult run(std::vector<std::string> arguments, std::string input = {}) const;
  /// What it prints. Throws Error(unsupported) with git's words when it fails.
  [[nodiscard]] std::string output(std::vector<std::string> arguments) const;

 private:
  Location location_;
  std::map<std::string, std::optional<std::string>> environment_;
};

/// "git <verb> failed", with git's words as the cause.
Error git_error(ErrorKind kind, const std::string& verb, const ProcessResult& result);

}  // namespace quemsi
