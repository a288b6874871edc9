#include "cli/command.hpp"
#include "cli/display_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/json.hpp"
#include "cli/output/restore_text.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class Restore : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.optional("SNAPSHOT", snapshot_).completes = Completes::snapshot;
    syntax.option("--database", "NAME", databases_, "only this database").completes =
        Completes::database;
    syntax.option("--to", "URL", to_, "into another database or file; the live one stays");
    syntax.flag("--replace", replace_, "with --to: what is there may be replaced");
    syntax.flag("--temp", temp_, "into a temporary database; the live one stays");
    syntax.flag("--schema-only", schema_only_, "without rows");
    syntax.flag("--dry-run", dry_run_, "only say what would be done");
    syntax.flag("-y,--yes", consent_.yes, "do not ask");
    syntax.flag("--json", consent_.json, "print the result as JSON; needs --yes");
  }

  int run(Session& session) override {
    if (replace_ && !to_) throw UsageError("--replace goes with --to");
    if (to_ && temp_) throw UsageError("--to and --temp exclude each other");
    if (to_ || temp_) return run_elsewhere(session);
    return run_in_place(session);
  }

 private:
  int run_in_place(Session& session) {
    const RestoreRequest request{snapshot_, databases_, content()};
    Project& project = session.initialised_project();
    if (dry_run_) {
      const RestorePlan plan = plan_restore(project, request);
      session.print(consent_.json ? plan_json(plan) : plan_text(plan));
      return exit_code::done;
    }
    // Nobody reads the plan of a script that has said yes.
    const std::string plan = consent_.json ? "" : plan_text(plan_restore(project, request));
    if (!session.agree(consent_, plan, retry())) return exit_code::negative;
    const RestoreResult result = restore_snapshot(project, request, session.progress());
    session.print(consent_.json ? restore_json(result) : result_text(result));
    if (!consent_.json && result.kept) {
      session.advise("quemsirestore", "git quemsi undo takes this back");
    }
    return exit_code::done;
  }

  int run_elsewhere(Session& session) {
    if (databases_.size() > 1) throw UsageError("--to and --temp take one --database");
    const ElsewhereRequest request{snapshot_, databases_.empty() ? "" : databases_[0], to_,
                                   content(), replace_};
    Project& project = session.initialised_project();
    check_elsewhere(project, request);
    if (dry_run_) return say_elsewhere(session, resolve_snapshot(project, snapshot_));
    if (replace_) {
      const std::string warning =
          "Replace " + target() + ": what is there now is not kept and cannot be brought back.\n";
      if (!session.agree(consent_, warning, retry())) return exit_code::negative;
    }
    const ElsewhereResult result = restore_elsewhere(project, request, session.progress());
    session.print(consent_.json ? elsewhere_json(result) : elsewhere_text(result));
    return exit_code::done;
  }

  int say_elsewhere(Session& session, const Snapshot& snapshot) const {
    session.print(consent_.json ? snapshot_json(snapshot)
                                : "Restore snapshot " + label(snapshot) + " to " + target() + "\n");
    return exit_code::done;
  }

  [[nodiscard]] std::string target() const {
    return to_ ? printable(mask_password(*to_)) : "a temporary database";
  }

  [[nodiscard]] Content content() const { return schema_only_ ? Content::schema : Content::all; }

  [[nodiscard]] std::string retry() const {
    std::string words = "git quemsi restore --yes";
    for (const std::string& name : databases_) words += " --database " + shell_word(name);
    if (to_) words += " --replace --to " + shell_word(mask_password(*to_));
    if (schema_only_) words += " --schema-only";
    if (consent_.json) words += " --json";
    return words + " " + shell_word(snapshot_);
  }

  std::string snapshot_ = "latest";
  std::vector<std::string> databases_;
  std::optional<std::string> to_;
  bool replace_ = false;
  bool temp_ = false;
  bool schema_only_ = false;
  bool dry_run_ = false;
  Consent consent_;
};

}  // namespace

std::unique_ptr<Command> make_restore() { return std::make_unique<Restore>(); }

}  // namespace quemsi::cli
