// Running other programs without a shell.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace quemsi {

struct ProcessRequest {
  std::vector<std::string> argv;  ///< argv[0] is looked up in PATH
  std::filesystem::path cwd;      ///< empty: ours
  std::string input;              ///< for its stdin; else /dev/null
  /// Changes to our environment; none removes the variable.
  std::map<std::string, std::optional<std::string>> environment;
};

struct ProcessResult {
  int exit_code = 0;  ///< 128 + signal when killed
  std::string out;
  std::string err;
};

/// Waits for it. Throws Error(unsupported) when the program is not found.
ProcessResult run_process(const ProcessRequest& request);

/// Starts it in a session of its own with every descriptor on /dev/null (stderr
/// appended to `log`), and forgets it: the caller's pipes are not kept open.
void start_detached(const std::vector<std::string>& argv, const std::filesystem::path& cwd,
                    const std::filesystem::path& log,
                    const std::map<std::string, std::optional<std::string>>& environment);

}  // namespace quemsi
