#include "cli/command.hpp"
#include "cli/commands/accept_config.hpp"
#include "cli/commands/hook_mode.hpp"
#include "cli/exit_code.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Install : public Command {
 public:
  void declare(Syntax& syntax) override {
    hooks_.declare(syntax);
    syntax.flag("--manual", manual_,
                "print what to paste into another hook manager, change nothing");
    syntax.flag("--show-notes", show_notes_,
                "git log prints which snapshots commits are linked to");
  }

  int run(Session& session) override {
    const InstallMode mode = hooks_.mode();
    if (manual_ && mode != InstallMode::careful) {
      throw UsageError("--manual changes nothing: it goes with neither --chain nor --force");
    }
    if (manual_) {
      session.print(Repository::manual_snippets());
      return exit_code::done;
    }
    Project& project = session.project();
    project.repository().install_hooks(mode, project.options().program);
    project.repository().carry_notes(show_notes_);
    session.print("Hooks installed\n");
    if (!project.repository().shows_notes()) {
      session.advise("quemsinotes", "git quemsi install --show-notes    makes git log print links");
    }
    if (project.configured()) {
      accept_config(session);
    } else {
      session.advise("quemsiinit", "there is no .quemsi.yml yet: git quemsi init");
    }
    return exit_code::done;
  }

 private:
  HookMode hooks_;
  bool manual_ = false;
  bool show_notes_ = false;
};

}  // namespace

std::unique_ptr<Command> make_install() { return std::make_unique<Install>(); }

}  // namespace quemsi::cli
