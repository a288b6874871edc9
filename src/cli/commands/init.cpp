#include <filesystem>

#include "cli/command.hpp"
#include "cli/commands/hook_mode.hpp"
#include "cli/display_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/session.hpp"
#include "cli/terminal.hpp"

namespace quemsi::cli {
namespace {

std::string init_text(const InitResult& plan) {
  const std::string file = printable(plan.config_file.filename().string());
  std::string text = plan.config_written ? "Write " + file + " with\n" : "Trust " + file + "\n";
  for (const DatabaseCandidate& candidate : plan.found) {
    text += "  " + printable(candidate.name) + "  " + printable(mask_password(candidate.url)) +
            "  (" + printable(candidate.source) + ")\n";
  }
  if (plan.local_file) {
    text += "keep the password in " + printable(plan.local_file->filename().string()) +
            ", which only you can read and git leaves alone,\n";
  }
  return text + "and install the hooks that make the databases follow the branch.\n";
}

class Init : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.option("--url", "URL", urls_, "a database to follow, instead of looking for them");
    hooks_.declare(syntax);
    syntax.flag("-y,--yes", yes_, "do not ask");
  }

  int run(Session& session) override {
    const InitRequest request{urls_, hooks_.mode()};
    const InitResult plan = plan_init(session.project(), request);
    session.say(init_text(plan));
    const bool asks = !yes_ && is_terminal(Stream::in);
    if (asks && !session.ask("Go ahead?")) return exit_code::negative;
    report(session, initialise(session.project(), request, session.progress()));
    return exit_code::done;
  }

 private:
  static void report(Session& session, const InitResult& result) {
    if (result.first) {
      session.print("First snapshot: " + label(*result.first) + " of " + contents(*result.first) +
                    "\n");
    }
    if (result.filled) {
      session.print("The databases of this worktree are made of snapshot " + label(*result.filled) +
                    "\n");
    }
    for (const std::string& warning : result.warnings) {
      session.say("warning: " + printable(warning) + "\n");
    }
    session.print("The databases follow the branch now.\n");
    if (result.config_written) {
      session.advise("quemsiinit",
                     "commit " + result.config_file.filename().string() +
                         " so that others can use it; each of them runs: git quemsi install");
    }
  }

  std::vector<std::string> urls_;
  HookMode hooks_;
  bool yes_ = false;
};

}  // namespace

std::unique_ptr<Command> make_init() { return std::make_unique<Init>(); }

}  // namespace quemsi::cli
