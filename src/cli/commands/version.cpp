#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Version : public Command {
 public:
  void declare(Syntax& /*syntax*/) override {}

  int run(Session& session) override {
    session.print("git-quemsi version " QUEMSI_VERSION "\n");
    return exit_code::done;
  }
};

}  // namespace

std::unique_ptr<Command> make_version() { return std::make_unique<Version>(); }

}  // namespace quemsi::cli
