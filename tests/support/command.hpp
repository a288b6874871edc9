// Running programs the way a user, a script or an application does: without a
// shell, with a deadline, all three streams in hand.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "util/fd.hpp"

namespace quemsi::test {

using Words = std::vector<std::string>;

struct CommandRequest {
  Words argv;  ///< argv[0] is looked up in the PATH of `environment`
  std::filesystem::path cwd = {};
  std::map<std::string, std::string> environment = {};  ///< all of it
  std::string input = {};                               ///< its stdin
  std::chrono::milliseconds limit{120'000};             ///< killed when it takes longer
};

struct CommandResult {
  int exit_code = 0;  ///< 128 + signal when killed
  bool timed_out = false;
  std::string out;
  std::string err;
};

/// For a failed expectation: everything that is known of it.
std::ostream& operator<<(std::ostream& stream, const CommandResult& result);

/// A program under way. Killed, with all that it started in its process group,
/// when it is still running at destruction.
class RunningCommand {
 public:
  enum class Input { given, piped };

  /// With `piped`, what say() writes is its stdin, and the request's input is ignored.
  explicit RunningCommand(const CommandRequest& request, Input input = Input::given);
  ~RunningCommand();
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void say(const std::string& text);
  void close_input() { input_ = Fd(); }
  /// The next line of stdout without its newline; none at the end, or after `limit`.
  std::optional<std::string> read_line(std::chrono::milliseconds limit);
  /// True once stderr holds `text`; false when it ended, or `limit` passed, before.
  bool wait_for_error(const std::string& text, std::chrono::milliseconds limit);
  void send_signal(int signal) const;
  /// Reads both streams to their ends, whoever holds them, then waits for it.
  CommandResult finish(std::chrono::milliseconds limit = std::chrono::milliseconds(120'000));

 private:
  using Deadline = std::chrono::steady_clock::time_point;

  bool read_some(Deadline deadline);
  void kill_group() const;
  int wait_for_exit();

  pid_t pid_ = -1;
  Fd input_;
  Fd out_;
  Fd err_;
  std::string out_text_;
  std::string err_text_;
};

CommandResult run_command(const CommandRequest& request);

}  // namespace quemsi::test
