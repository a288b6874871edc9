#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/json.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class List : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.option("--branch", "BRANCH", filter_.branch, "only those taken on it").completes =
        Completes::branch;
    syntax.option("--kind", "KIND", kind_, "manual, checkpoint, safety or imported").completes =
        Completes::kind;
    syntax.option("-n", "COUNT", filter_.limit, "only the newest ones");
    syntax.flag("--json", json_, "print them as JSON");
  }

  int run(Session& session) override {
    if (kind_ && !(filter_.kind = parse_snapshot_kind(*kind_))) {
      throw UsageError("'" + *kind_ + "' is none of manual, checkpoint, safety, imported");
    }
    Project& project = session.initialised_project();
    const std::vector<Snapshot> snapshots = project.catalogue().snapshots(filter_);
    if (json_) {
      session.print(list_json(snapshots));
    } else if (snapshots.empty()) {
      session.say("No snapshots\n");
    } else {
      session.page(list_text(snapshots, view(session, project), session.style()));
    }
    return exit_code::done;
  }

 private:
  static ListView view(Session& session, Project& project) {
    ListView view;
    const auto owner = project.catalogue().owner(project.repository().worktree());
    if (owner) view.base = owner->base;
    view.now = project.now();
    view.width = session.width();
    return view;
  }

  SnapshotFilter filter_;
  std::optional<std::string> kind_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_list() { return std::make_unique<List>(); }

}  // namespace quemsi::cli
