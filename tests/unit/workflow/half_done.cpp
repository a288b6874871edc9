#include "half_done.hpp"

#include "workflow/exchange_json.hpp"

namespace quemsi {
namespace {

Snapshot checkpoint_of(Project& project, const Owner& owner) {
  return {.id = new_snapshot_id(),
          .kind = SnapshotKind::checkpoint,
          .branch = owner.branch_name,
          .branch_key = owner.branch,
          .created_at = project.now()};
}

void plan_step(Project& project, Exchange& exchange, const Image& image) {
  Image kept{.id = new_image_id(), .database = image.database, .engine = image.engine};
  kept.parked = parked_name(kept.id);
  const std::string plan =
      project.database(image.database).plan_swap(image.parked.value(), *kept.parked);
  exchange.steps.push_back({.database = image.database,
                            .incoming = *image.parked,
                            .outgoing = *kept.parked,
                            .plan = plan});
  exchange.outcome.parked.push_back({image.id, std::nullopt});
  exchange.outcome.kept->images.push_back(kept);
}

}  // namespace

Snapshot leave_half_done(Project& project, const Snapshot& target, std::size_t done) {
  Catalogue& catalogue = project.catalogue();
  const Owner before = catalogue.owner(project.repository().worktree()).value();
  Exchange exchange{.kind = "switch", .outcome = {.owner = before}};
  exchange.outcome.kept = checkpoint_of(project, before);
  exchange.outcome.owner.base = target.id;
  exchange.outcome.owner.branch = target.branch_key;
  exchange.outcome.owner.branch_name = target.branch;
  exchange.outcome.tips = {{*before.branch, before.branch_name, exchange.outcome.kept->id}};
  for (const Image& image : target.images) plan_step(project, exchange, image);
  catalogue.write_journal({.worktree = before.worktree,
                           .kind = exchange.kind,
                           .payload = to_json({exchange, {}}),
                           .started_at = project.now()});
  for (std::size_t i = 0; i < done; ++i) {
    const SwapStep& step = exchange.steps[i];
    static_cast<void>(project.database(step.database).swap(step.plan));
  }
  return *exchange.outcome.kept;
}

}  // namespace quemsi
