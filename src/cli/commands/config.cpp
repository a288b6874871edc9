#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/config_text.hpp"
#include "cli/output/json.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class ShowConfig : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.flag("--show-origin", show_origin_, "say where each value comes from");
    syntax.flag("--json", json_, "print them as JSON, with their origins");
  }

  int run(Session& session) override {
    const std::vector<ConfigSetting>& settings = session.project().config().settings;
    session.print(json_ ? config_json(settings) : config_text(settings, show_origin_));
    return exit_code::done;
  }

 private:
  bool show_origin_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_config() { return std::make_unique<ShowConfig>(); }

}  // namespace quemsi::cli
