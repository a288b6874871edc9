#include "cli/command.hpp"
#include "cli/display_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/json.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class TempDrop : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.required("DATABASE", which_).completes = Completes::temporary;
    syntax.flag("--json", json_, "print what was dropped as JSON");
  }

  int run(Session& session) override {
    const TemporaryDatabase dropped = drop_temporary(session.initialised_project(), which_);
    session.print(json_ ? temporary_json(dropped) : "Dropped " + printable(dropped.url) + "\n");
    return exit_code::done;
  }

 private:
  std::string which_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_temp_drop() { return std::make_unique<TempDrop>(); }

}  // namespace quemsi::cli
