#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/json.hpp"
#include "cli/output/status_text.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Status : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.flag("--json", json_, "print it as JSON");
    syntax.flag("--porcelain", porcelain_, "print it line by line, for scripts");
  }

  int run(Session& session) override {
    if (json_ && porcelain_) throw UsageError("--json and --porcelain exclude each other");
    const StatusReport report = status(session.project());
    session.print(text(session, report));
    return exit_code::done;
  }

 private:
  [[nodiscard]] std::string text(Session& session, const StatusReport& report) const {
    if (json_) return status_json(report);
    if (porcelain_) return status_porcelain(report);
    const StatusView view{session.project().now(), session.advises("quemsistatus")};
    return status_text(report, view, session.style());
  }

  bool json_ = false;
  bool porcelain_ = false;
};

}  // namespace

std::unique_ptr<Command> make_status() { return std::make_unique<Status>(); }

}  // namespace quemsi::cli
