#include "cli/command.hpp"
#include "cli/display_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/json.hpp"
#include "cli/output/restore_text.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/session.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

class Delete : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.required("SNAPSHOT", snapshot_).completes = Completes::snapshot;
    syntax.flag("-y,--yes", consent_.yes, "do not ask");
    syntax.flag("--json", consent_.json, "print the result as JSON; needs --yes");
  }

  int run(Session& session) override {
    Project& project = session.initialised_project();
    const DeletePlan plan = plan_delete(project, snapshot_);
    const std::string retry = std::string("git quemsi delete --yes ") +
                              (consent_.json ? "--json " : "") + shell_word(snapshot_);
    const std::string warning = delete_plan_text(plan, project.now());
    if (!session.agree(consent_, warning, retry)) return exit_code::negative;
    // By its id: what was shown is what goes, whatever the name stands for by now.
    const DeleteResult result = delete_snapshot(project, plan.snapshot.id.str());
    session.print(consent_.json ? delete_json(result)
                                : "Deleted snapshot " + label(result.snapshot) + ", " +
                                      human_bytes(result.freed_bytes) + " freed\n");
    return exit_code::done;
  }

 private:
  std::string snapshot_;
  Consent consent_;
};

}  // namespace

std::unique_ptr<Command> make_delete() { return std::make_unique<Delete>(); }

}  // namespace quemsi::cli
