#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/json.hpp"
#include "cli/output/message_text.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Message : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.flag("--trailers", trailers_, "only the trailers, a line each");
    syntax.flag("--json", json_, "print it as JSON");
  }

  int run(Session& session) override {
    if (json_ && trailers_) throw UsageError("--json and --trailers exclude each other");
    const MessageBlock block = message_block(session.initialised_project());
    if (json_) {
      session.print(message_json(block));
    } else {
      session.print(trailers_ ? trailers_text(block) : message_text(block));
    }
    return exit_code::done;
  }

 private:
  bool trailers_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_message() { return std::make_unique<Message>(); }

}  // namespace quemsi::cli
