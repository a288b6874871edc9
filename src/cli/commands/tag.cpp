#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Tag : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.required("SNAPSHOT", snapshot_).completes = Completes::snapshot;
    syntax.required("TAG", tag_);
  }

  int run(Session& session) override {
    const Snapshot tagged = tag_snapshot(session.initialised_project(), snapshot_, tag_);
    session.print("Snapshot " + label(tagged) + "\n");
    return exit_code::done;
  }

 private:
  std::string snapshot_;
  std::string tag_;
};

}  // namespace

std::unique_ptr<Command> make_tag() { return std::make_unique<Tag>(); }

}  // namespace quemsi::cli
