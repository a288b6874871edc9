#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Describe : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.required("SNAPSHOT", snapshot_).completes = Completes::snapshot;
    syntax.option("-m,--description", "TEXT", text_, "the new text; empty removes it");
  }

  int run(Session& session) override {
    if (!text_) throw UsageError("-m TEXT is missing");
    const Snapshot described = describe_snapshot(session.initialised_project(), snapshot_, *text_);
    session.print("Snapshot " + label(described) + "\n");
    return exit_code::done;
  }

 private:
  std::string snapshot_;
  std::optional<std::string> text_;
};

}  // namespace

std::unique_ptr<Command> make_describe() { return std::make_unique<Describe>(); }

}  // namespace quemsi::cli
