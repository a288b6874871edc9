#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/json.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Show : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.required("SNAPSHOT", snapshot_).completes = Completes::snapshot;
    syntax.flag("--json", json_, "print it as JSON");
  }

  int run(Session& session) override {
    Project& project = session.initialised_project();
    const SnapshotMatch match = find_snapshot(project, snapshot_);
    if (json_) {
      session.print(match_json(match));
      return exit_code::done;
    }
    const std::string found = found_text(match);
    if (!found.empty()) session.say(snapshot_ + ": " + found + "\n");
    session.page(show_text(match.snapshot, project.now(), session.style()));
    return exit_code::done;
  }

 private:
  std::string snapshot_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_show() { return std::make_unique<Show>(); }

}  // namespace quemsi::cli
