#include "cli/command.hpp"
#include "cli/display_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Uninstall : public Command {
 public:
  void declare(Syntax& /*syntax*/) override {}

  int run(Session& session) override {
    for (const std::string& line : session.project().repository().uninstall_hooks()) {
      session.say("left alone: " + printable(line) + "\n");
    }
    session.project().repository().forget_notes_config();
    session.print("Hooks removed; the snapshots stay\n");
    return exit_code::done;
  }
};

}  // namespace

std::unique_ptr<Command> make_uninstall() { return std::make_unique<Uninstall>(); }

}  // namespace quemsi::cli
