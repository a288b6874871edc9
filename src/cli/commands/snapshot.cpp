#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/output/json.hpp"
#include "cli/output/snapshot_text.hpp"
#include "cli/session.hpp"

namespace quemsi::cli {
namespace {

class TakeSnapshot : public Command {
 public:
  void declare(Syntax& syntax) override {
    syntax.optional("TAG", tag_);
    syntax.option("--tag", "TAG", tags_, "one more name for it");
    syntax.option("-m,--description", "TEXT", request_.description, "what is in it");
    syntax.option("--database", "NAME", request_.databases, "only this database").completes =
        Completes::database;
    syntax.flag("--schema-only", schema_only_, "without rows");
    syntax.flag("--background", request_.background, "return at once, write it meanwhile");
    syntax.flag("--json", json_, "print the snapshot as JSON");
  }

  int run(Session& session) override {
    if (tag_) request_.tags.push_back(*tag_);
    request_.tags.insert(request_.tags.end(), tags_.begin(), tags_.end());
    if (schema_only_) request_.content = Content::schema;
    const Snapshot taken = take_snapshot(session.project(), request_, session.progress());
    session.print(json_ ? snapshot_json(taken)
                        : "Snapshot " + label(taken) + " of " + contents(taken) + "\n");
    return exit_code::done;
  }

 private:
  SnapshotRequest request_;
  std::optional<std::string> tag_;
  std::vector<std::string> tags_;
  bool schema_only_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_snapshot() { return std::make_unique<TakeSnapshot>(); }

}  // namespace quemsi::cli
