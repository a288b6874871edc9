#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/json.hpp"
#include "cli/output/restore_text.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Undo : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.flag("-y,--yes", consent_.yes, "do not ask");
    syntax.flag("--json", consent_.json, "print the result as JSON; needs --yes");
  }

  int run(Session& session) override {
    Project& project = session.initialised_project();
    const std::optional<UndoPlan> plan = plan_undo(project);
    if (!plan) return report(session, std::nullopt);
    const std::string retry =
        consent_.json ? "git quemsi undo --yes --json" : "git quemsi undo --yes";
    if (!session.agree(consent_, undo_plan_text(*plan), retry)) return exit_code::negative;
    return report(session, undo(project, session.progress()));
  }

 private:
  int report(Session& session, const std::optional<RestoreResult>& result) const {
    if (consent_.json) {
      session.print(undo_json(result));
    } else if (result) {
      session.print(result_text(*result));
    } else {
      session.say("Nothing to take back\n");
    }
    return result ? exit_code::done : exit_code::negative;
  }

  Consent consent_;
};

}  // namespace

std::unique_ptr<Command> make_undo() { return std::make_unique<Undo>(); }

}  // namespace quemsi::cli
