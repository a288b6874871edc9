#include <fmt/core.h>

#include "util/disk.hpp"
#include "util/text.hpp"
#include "workflow/checkup.hpp"
#include "workflow/live.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

constexpr const char* snapshots = "snapshots";
constexpr const char* background = "background";

void check_single_copies(Project& project, Checkup& checkup) {
  const std::size_t all = project.catalogue().snapshots().size();
  const std::size_t unsealed = project.catalogue().unsealed_images().size();
  if (unsealed == 0) {
    return checkup.good(snapshots, fmt::format("{}, all of them in the store", all));
  }
  checkup.found(
      snapshots, Severity::warning,
      Error(ErrorKind::busy,
            fmt::format("{} database state{} in one copy only, on {} server or disk", unsealed,
                        unsealed == 1 ? " exists" : "s exist", unsealed == 1 ? "its" : "their"))
          .cause("the background work that copies into the store is not through")
          .hint("git quemsi status    starts it, and shows what it does"));
}

void check_failures(Project& project, Checkup& checkup) {
  for (const Task& task : project.catalogue().tasks()) {
    if (task.state != TaskState::failed) continue;
    checkup.found(background, Severity::error,
                  Error(ErrorKind::engine, fmt::format("{} {} failed", task.kind, task.subject))
                      .cause(task.error)
                      .hint("git quemsi gc    tries again"));
  }
}

void check_interrupted(Project& project, Checkup& checkup) {
  if (!needs_reconciling(project)) return;
  checkup.found(background, Severity::warning,
                Error(ErrorKind::busy, "an operation was interrupted, or is under way")
                    .hint("git quemsi status    finishes it or takes it back"));
}

std::uint64_t parked_bytes(Project& project) {
  std::uint64_t total = 0;
  for (const std::string& name : database_names(project)) {
    for (const Image& image : project.catalogue().parked_images(name)) total += image.bytes;
  }
  return total;
}

std::uint64_t store_bytes(Project& project) {
  std::uint64_t total = 0;
  for (const PackInfo& pack : project.catalogue().packs()) total += pack.bytes;
  return total;
}

void check_space(Project& project, Checkup& checkup) {
  std::string used = fmt::format("the store takes {}", human_bytes(store_bytes(project)));
  if (project.configured()) {
    used += fmt::format(", ready copies {} of {}", human_bytes(parked_bytes(project)),
                        human_bytes(project.config().parked_budget));
  }
  if (const auto free = free_space(project.state_dir())) {
    used += fmt::format("; {} free", human_bytes(*free));
  }
  checkup.good("space", used);
}

}  // namespace

void check_keeping(Project& project, Checkup& checkup) {
  check_single_copies(project, checkup);
  check_failures(project, checkup);
  check_interrupted(project, checkup);
  check_space(project, checkup);
}

}  // namespace quemsi
