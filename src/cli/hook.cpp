#include "cli/hook.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string_view>

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

/// A hook at work: the project, and how long each step takes.
struct Surroundings {
  Project& project;
  Progress& progress;
  Trace& trace;
};

void say_if_any(const std::string& line) {
  if (!line.empty()) say(line);
}

void follow(const Surroundings& at) {
  const FollowResult result = follow_branch(at.project, at.progress);
  at.trace.step("follow the branch");
  say_if_any(result.line);
}

void link(const Surroundings& at, CommitEvent event) {
  // HEAD may have moved without a checkout; the commit belongs to where it is.
  follow(at);
  const std::string line = link_commit(at.project, event, at.progress);
  at.trace.step("link the commit");
  say_if_any(line);
}

using Words = std::vector<std::string>;

/// What follows the hook's name is what git passes.
struct Hook {
  std::string_view name;
  bool (*wanted)(const Words& arguments);
  void (*run)(const Surroundings& at, const Words& arguments);
};

constexpr std::array hooks{
    // Arguments: the previous HEAD, the new one, 1 for a branch or 0 for files.
    Hook{"post-checkout", [](const Words& words) { return words.size() == 3 && words[2] == "1"; },
         [](const Surroundings& at, const Words&) { follow(at); }},
    Hook{"post-commit", [](const Words&) { return true; },
         [](const Surroundings& at, const Words&) { link(at, CommitEvent::commit); }},
    // Argument: 1 for --squash, which commits nothing.
    Hook{"post-merge", [](const Words& words) { return words.empty() || words[0] != "1"; },
         [](const Surroundings& at, const Words&) { link(at, CommitEvent::merge); }},
    Hook{"post-applypatch", [](const Words&) { return true; },
         [](const Surroundings& at, const Words&) { link(at, CommitEvent::patch); }},
    // Argument: amend or rebase. Standard input: the old commits and the new ones.
    Hook{"post-rewrite", [](const Words&) { return true; },
         [](const Surroundings& at, const Words&) {
           carry_links(at.project, read_input());
           at.trace.step("carry the links");
         }},
    // Argument: the file that holds the message.
    Hook{"commit-msg", [](const Words& words) { return words.size() == 1; },
         [](const Surroundings& at, const Words& words) {
           const std::string line =
               complete_message(at.project, std::filesystem::absolute(words[0]));
           at.trace.step("complete the message");
           say_if_any(line);
         }},
};

void run_one(const Hook& hook, const Words& arguments) {
  Trace trace;
  setenv(guard, "1", 1);  // NOLINT(concurrency-mt-unsafe): no thread runs yet
  catch_signals();
  // git's reader may be gone; that must not kill us between two databases.
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  Project project(project_options({}));
  trace.step("open the project");
  HookProgress progress;
  hook.run({project, progress, trace}, arguments);
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
    if (words.empty()) return exit_code::done;
    const Words arguments(words.begin() + 1, words.end());
    for (const Hook& hook : hooks) {
      if (hook.name == words[0] && hook.wanted(arguments)) run_one(hook, arguments);
    }
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
