#include <filesystem>

#include "cli/command.hpp"
#include "cli/commands/hook_mode.hpp"
#include "cli/display_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/config_text.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/session.hpp"
#include "cli/terminal.hpp"

namespace quemsi::cli {
namespace {

/// `change`: what would be trusted from now on, of a file that was there.
std::string init_text(const InitResult& plan, const std::string& change) {
  const std::string file = printable(plan.config_file.filename().string());
  std::string text =
      plan.config_written ? "Write " + file + " with\n" : "Trust " + file + "\n" + change;
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
    Project& project = session.project();
    const InitResult plan = plan_init(project, request);
    const bool accepts = !plan.config_written && !project.trust().trusts(project.config());
    session.say(init_text(plan, accepts ? change_of_trust(project) : ""));
    if (!may_go_on(session, accepts)) return exit_code::negative;
    report(session, initialise(project, request, session.progress()));
    return exit_code::done;
  }

 private:
  static std::string change_of_trust(Project& project) {
    return trust_text(project.trust().latest(), project.config().sensitive);
  }

  /// What init itself finds needs no word without a terminal; what came with a clone does.
  [[nodiscard]] bool may_go_on(Session& session, bool accepts) const {
    if (yes_) return true;
    if (is_terminal(Stream::in)) return session.ask("Go ahead?");
    if (!accepts) return true;
    throw Error(ErrorKind::user, "standard input is not a terminal, so nobody can say yes")
        .cause("a clone brings its .quemsi.yml along; look at it before you accept it")
        .hint("git quemsi init --yes");
  }

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
