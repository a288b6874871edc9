#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/history_text.hpp"
#include "cli/output/json.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Log : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.optional("REVISION", revision_).completes = Completes::branch;
    syntax.flag("--graph", graph_, "draw the history");
    syntax.option("-n", "COUNT", limit_, "only the newest commits");
    syntax.flag("--json", json_, "print it as JSON");
  }

  int run(Session& session) override {
    if (json_ && graph_) throw UsageError("--json and --graph exclude each other");
    HistoryRequest request{.limit = limit_, .graph = graph_};
    if (revision_) request.revisions.push_back(*revision_);
    request.colour = !json_ && session.style().colour();
    const History history = quemsi::history(session.initialised_project(), request);
    if (json_) {
      session.print(history_json(history));
    } else {
      session.page(history_text(history, session.style()));
      if (history.base && !history.base_shown) {
        session.say("The live databases are based on " + history.base->str() +
                    ", which none of these commits is linked to\n");
      }
    }
    return exit_code::done;
  }

 private:
  std::optional<std::string> revision_;
  std::optional<std::size_t> limit_;
  bool graph_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_log() { return std::make_unique<Log>(); }

}  // namespace quemsi::cli
