#include "workflow/detached.hpp"

#include <fmt/core.h>

#include "workflow/arrange.hpp"
#include "workflow/links.hpp"
#include "workflow/live.hpp"
#include "workflow/nearest.hpp"

namespace quemsi {
namespace {

FollowResult stands_still(std::string line) { return {Followed::stood_still, std::move(line)}; }

FollowResult bring(Project& project, const Owner& owner, const SnapshotMatch& link,
                   Progress& progress) {
  const std::string name = reference_to(link.snapshot);
  const ExchangeRequest request{
      .kind = "switch",
      .what = fmt::format("switch from {} to {}", branch_for_humans(owner), name),
      .target = link.snapshot};
  static_cast<void>(exchange_to(project, owner, request, progress));
  return {Followed::switched,
          fmt::format("HEAD is detached: now at {}, linked to {}", name, place_of(link))};
}

}  // namespace

DetachedHead detached_policy(Project& project, GitOperation operation) {
  const Config& config = project.config();
  return operation == GitOperation::bisect ? config.bisect : config.detached;
}

FollowResult detached_line(const Owner& owner) {
  return stands_still(fmt::format(
      "HEAD is detached: the database stays with '{}'; `git quemsi restore HEAD` brings "
      "what is linked to this commit",
      branch_for_humans(owner)));
}

FollowResult follow_detached(Project& project, const Owner& owner, Progress& progress) {
  const std::optional<CommitId> head = project.repository().head().commit;
  if (!head) return {};
  if (const std::optional<Error> conflict = location_conflict(project, owner)) {
    return stands_still(fmt::format("stands still: {}", conflict->what()));
  }
  const std::optional<SnapshotMatch> link = nearest_link(project, *head);
  if (!link) {
    return stands_still(fmt::format(
        "HEAD is detached: no snapshot is linked to this commit or an ancestor, the database "
        "stays with '{}'",
        branch_for_humans(owner)));
  }
  const bool same = link->snapshot.id == owner.base && !owner.branch;
  if (same && !any_dirty(project, owner)) return {};
  return bring(project, owner, *link, progress);
}

}  // namespace quemsi
