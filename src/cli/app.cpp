#include "cli/app.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/completion.hpp"
#include "cli/display_text.hpp"
#include "cli/error_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/help.hpp"
#include "cli/hook.hpp"
#include "cli/invocation.hpp"
#include "cli/parser.hpp"
#include "cli/session.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"

namespace quemsi::cli {
namespace {

using Words = std::vector<std::string>;

int report_usage(const UsageError& error, const std::string& help) {
  write_err("error: " + printable_lines(error.what()) + "\n" + help);
  return exit_code::usage;
}

/// Parses what follows the verb, then runs it.
int run_invocation(Invocation invocation) {
  const std::unique_ptr<Command> command = invocation.entry->make();
  Syntax syntax;
  command->declare(syntax);
  Words assignments;
  syntax.option("--config", "KEY=VALUE", assignments, "sets a value for this command");
  try {
    if (parse(syntax, invocation.words) == Parsed::help) {
      write_out(command_help(*invocation.entry, syntax));
      return exit_code::done;
    }
    for (const std::string& assignment : assignments) add_flag(invocation.flags, assignment);
    catch_signals();
    Session session(std::move(invocation.flags));
    return command->run(session);
  } catch (const UsageError& error) {
    const std::string name(invocation.entry->name);
    return report_usage(
        error, usage_line(*invocation.entry, syntax) + "hint: git quemsi " + name + " -h\n");
  }
}

int run_command(Words words) {
  // `help X` is `X -h`.
  if (words.size() > 1 && words[0] == "help") {
    words.erase(words.begin());
    words.emplace_back("-h");
  }
  if (words.empty()) {
    write_err(overview());
    return exit_code::usage;
  }
  if (words[0] == "-h" || words[0] == "--help" || words[0] == "help") {
    write_out(overview());
    return exit_code::done;
  }
  if (words[0] == "--version") words[0] = "version";
  try {
    return run_invocation(read_invocation(std::move(words)));
  } catch (const UsageError& error) {
    return report_usage(error, "hint: git quemsi -h\n");
  }
}

/// Hooks come first: their cost is what a checkout waits for.
int dispatch(Words words) {
  if (!words.empty()) {
    const Words rest(words.begin() + 1, words.end());
    if (words[0] == "hook") return run_hook(rest);
    if (words[0] == "worker") return run_background_worker(rest);
    if (words[0] == "complete") return run_completion(rest);
  }
  try {
    return run_command(std::move(words));
  } catch (const std::exception& error) {
    write_err(error_text(error));
    return exit_code_of(error, caught_signal());
  }
}

}  // namespace

int run(std::span<char* const> arguments) noexcept {
  try {
    Words words(arguments.begin(), arguments.end());
    if (!words.empty()) words.erase(words.begin());
    return dispatch(std::move(words));
  } catch (...) {
    write_err("error: internal: something was thrown that is not an exception\n");
    return exit_code::fatal;
  }
}

}  // namespace quemsi::cli
