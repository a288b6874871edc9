#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/doctor_text.hpp"
#include "cli/output/json.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Doctor : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.flag("--json", json_, "print the findings as JSON");
  }

  int run(Session& session) override {
    const std::vector<Diagnosis> diagnoses = doctor(session.project());
    session.print(json_ ? doctor_json(diagnoses) : doctor_text(diagnoses, session.style()));
    return is_well(diagnoses) ? exit_code::done : exit_code::negative;
  }

 private:
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_doctor() { return std::make_unique<Doctor>(); }

}  // namespace quemsi::cli
