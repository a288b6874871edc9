#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/gc_text.hpp"
#include "cli/output/json.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Gc : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.flag("--dry-run", dry_run_, "only tell what would be removed");
    syntax.flag("--json", json_, "print what was removed as JSON");
  }

  int run(Session& session) override {
    Project& project = session.initialised_project();
    const GcReport report = dry_run_ ? plan_gc(project) : gc(project, session.progress());
    session.print(json_ ? gc_json(report, dry_run_) : gc_text(report, dry_run_, project.now()));
    return exit_code::done;
  }

 private:
  bool dry_run_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_gc() { return std::make_unique<Gc>(); }

}  // namespace quemsi::cli
