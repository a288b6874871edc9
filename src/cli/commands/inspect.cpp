#include "cli/command.hpp"
#include "cli/display_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/session.hpp"
#include "store/loader.hpp"
#include "util/module.hpp"

namespace quemsi::cli {
namespace {

/// Needs no repository: a pack explains itself.
class Inspect : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.required("FILE", file_).completes = Completes::file;
  }

  int run(Session& session) override {
    session.page(printable_lines(load_describe_pack(default_module_dir(), file_)));
    return exit_code::done;
  }

 private:
  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_inspect() { return std::make_unique<Inspect>(); }

}  // namespace quemsi::cli
