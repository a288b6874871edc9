#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/json.hpp"
#include "cli/output/restore_text.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class TempList : public Command {
 public:
  void declare(Syntax& syntax) override { syntax.flag("--json", json_, "print them as JSON"); }

  int run(Session& session) override {
    Project& project = session.initialised_project();
    const std::vector<TemporaryDatabase> databases = list_temporaries(project);
    if (json_) {
      session.print(temporaries_json(databases));
    } else if (databases.empty()) {
      session.say("No temporary databases\n");
    } else {
      session.print(temporaries_text(databases, project.now()));
    }
    return exit_code::done;
  }

 private:
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_temp_list() { return std::make_unique<TempList>(); }

}  // namespace quemsi::cli
