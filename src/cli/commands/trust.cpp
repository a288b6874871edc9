#include "cli/command.hpp"
#include "cli/commands/accept_config.hpp"
#include "cli/exit_code.hpp"

namespace quemsi::cli {
namespace {

class Trust : public Command {
 public:
  void declare(Syntax& /*syntax*/) override {}

  int run(Session& session) override {
    accept_config(session);
    return exit_code::done;
  }
};

}  // namespace

std::unique_ptr<Command> make_trust() { return std::make_unique<Trust>(); }

}  // namespace quemsi::cli
