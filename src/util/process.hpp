// Running other programs without a shell.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "util/fd.hpp"

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

/// Starts it in a session of its own with its three streams on /dev/null (stderr
/// appended to `log`) and no other descriptor, and forgets it: the caller's pipes
/// are not kept open.
void start_detached(const std::vector<std::string>& argv, const std::filesystem::path& cwd,
                    const std::filesystem::path& log,
                    const std::map<std::string, std::optional<std::string>>& environment);

/// As start_detached, but the process has the write end of a pipe as descriptor
/// 3, to say that it is ready. Returns the read end.
Fd start_detached_with_pipe(const std::vector<std::string>& argv, const std::filesystem::path& cwd,
                            const std::filesystem::path& log,
                            const std::map<std::string, std::optional<std::string>>& environment);

/// The first line that arrives, without its newline; none when the other end is
/// closed before, or `limit` passes.
std::optional<std::string> read_line(const Fd& fd, std::chrono::milliseconds limit);

}  // namespace quemsi
