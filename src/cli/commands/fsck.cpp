#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/fsck_text.hpp"
#include "cli/output/json.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Fsck : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.flag("--repair", repair_, "rebuild the catalogue from the packs; the old one is kept");
    syntax.flag("--json", json_, "print the findings as JSON");
  }

  int run(Session& session) override {
    // A repository without its catalogue is what --repair is for.
    Project& project = repair_ ? session.project() : session.initialised_project();
    const FsckReport report = fsck(project, repair_, session.progress());
    session.print(json_ ? fsck_json(report) : fsck_text(report, repair_));
    return is_sound(report) ? exit_code::done : exit_code::negative;
  }

 private:
  bool repair_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_fsck() { return std::make_unique<Fsck>(); }

}  // namespace quemsi::cli
