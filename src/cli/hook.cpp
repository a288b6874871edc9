#include "cli/hook.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>

#include "cli/display_text.hpp"
#include "cli/error_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/session.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"
#include "quemsi/workflow.hpp"

namespace quemsi::cli {
namespace {

/// Set for whatever we start, so that a git that runs below us does not call us again.
constexpr const char* guard = "GIT_QUEMSI_IN_HOOK";

/// Where whoever starts `worker --pin` waits for its word.
constexpr int ready_descriptor = 3;

bool is_set(const char* name) {
  const std::string value = environment(name).value_or("");
  return !value.empty() && value != "0";
}

void say(const std::string& line) { write_err("quemsi: " + printable(line) + "\n"); }

/// Nothing to draw in a hook, but it stops when asked to.
class HookProgress : public Progress {
 public:
  void begin(std::string_view /*what*/, std::uint64_t /*total*/) override {}
  void advance(std::uint64_t /*bytes*/) override {}
  void end() override {}
  void check_cancelled() override { throw_if_signalled(); }
};

class Trace {
 public:
  void step(const char* what) {
    if (!on_) return;
    const Clock::time_point now = Clock::now();
    say(fmt::format("trace: {:.3f} ms {}",
                    std::chrono::duration<double, std::milli>(now - last_).count(), what));
    last_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool on_ = is_set("GIT_QUEMSI_TRACE");
  Clock::time_point last_ = Clock::now();
};

void post_checkout() {
  Trace trace;
  setenv(guard, "1", 1);  // NOLINT(concurrency-mt-unsafe): no thread runs yet
  catch_signals();
  // git's reader may be gone; that must not kill us between two databases.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  Project project(project_options({}));
  trace.step("open the project");
  HookProgress progress;
  const FollowResult result = follow_branch(project, progress);
  trace.step("follow the branch");
  if (!result.line.empty()) say(result.line);
}

void report(const std::exception& error) noexcept {
  try {
    say(error_line(error) + "; the databases were left alone: git quemsi status");
  } catch (...) {
    write_err("quemsi: out of memory\n");
  }
}

}  // namespace

int run_hook(const std::vector<std::string>& words) noexcept {
  try {
    if (is_set("GIT_QUEMSI_SKIP") || is_set(guard)) return exit_code::done;
    // Arguments: the previous HEAD, the new one, 1 for a branch or 0 for files.
    const bool switched = words.size() == 4 && words[0] == "post-checkout" && words[3] == "1";
    if (switched) post_checkout();
  } catch (const std::exception& error) {
    report(error);
  } catch (...) {
    write_err("quemsi: something went wrong; git quemsi status\n");
  }
  return exit_code::done;
}

int run_background_worker(const std::vector<std::string>& words) noexcept {
  try {
    setenv(guard, "1", 1);  // NOLINT(concurrency-mt-unsafe): no thread runs yet
    Project project(project_options({}));
    if (words.size() == 2 && words[0] == "--pin") {
      run_pin(project, SnapshotId(words[1]), ready_descriptor);
    } else {
      run_worker(project);
    }
    return exit_code::done;
  } catch (const std::exception& error) {
    write_err(error_text(error));
  } catch (...) {
    write_err("error: internal: something was thrown that is not an exception\n");
  }
  return exit_code::fatal;
}

}  // namespace quemsi::cli
