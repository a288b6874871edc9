#include <fmt/core.h>

#include <algorithm>

#include "util/file_lock.hpp"
#include "workflow/branches.hpp"
#include "workflow/live.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/tasks.hpp"
#include "workflow/tracked.hpp"

namespace quemsi {
namespace {

DatabaseStatus database_status(Project& project, const DatabaseSpec& spec,
                               const std::optional<Owner>& owner) {
  DatabaseStatus status{.name = spec.name, .engine = spec.engine, .dirty = true};
  try {
    Database& database = project.database(spec.name);
    status.display = database.display();
    status.exists = database.probe().exists;
    status.reachable = true;
    if (!status.exists) status.problem = "does not exist";
    if (owner) status.dirty = is_dirty(project, *owner, spec.name);
  } catch (const Error& error) {
    status.reachable = false;
    status.problem = error.what();
  }
  return status;
}

/// What runs or waits: the queue, and pins, which their own processes read.
void add_background(Project& project, StatusReport& report) {
  for (Task& task : project.catalogue().tasks()) {
    if (task.state == TaskState::failed) {
      report.warnings.push_back(
          fmt::format("{} {} failed: {}", task.kind, task.subject, task.error));
    } else {
      report.background.push_back(std::move(task));
    }
  }
  for (const Snapshot& pin : project.catalogue().pending_snapshots()) {
    report.background.push_back({.kind = std::string(task_pin),
                                 .subject = pin.id.str(),
                                 .state = TaskState::running,
                                 .created_at = pin.created_at});
  }
}

void warn_of_hooks(Project& project, StatusReport& report) {
  const std::vector<HookStatus> hooks = project.repository().hooks();
  const bool managed = std::ranges::any_of(
      hooks, [](const HookStatus& hook) { return hook.state == HookState::managed; });
  // A hook manager may not know all of git's hooks.
  report.hooks_installed = managed || std::ranges::all_of(hooks, [](const HookStatus& hook) {
                             return is_installed(hook.state);
                           });
  if (!report.hooks_installed) {
    report.warnings.emplace_back("the hooks are not installed; run: git quemsi install");
  }
}

void warn_of_branch(Project& project, StatusReport& report, const Owner& owner) {
  const std::optional<BranchIdentity> known = known_branch(project);
  const bool renamed = known && owner.branch == known->key;
  report.owner_branch = renamed ? known->name : owner.branch_name;
  if (report.branch.empty() || report.branch == report.owner_branch) return;
  report.warnings.push_back(fmt::format(
      "HEAD is on '{}', the database still stands for '{}'; run `git checkout` to bring it along",
      report.branch, branch_for_humans(owner)));
}

void warn_of_single_copies(Project& project, StatusReport& report) {
  const std::size_t unsealed = project.catalogue().unsealed_images().size();
  if (unsealed == 0 || !report.background.empty()) return;
  report.warnings.push_back(fmt::format("{} image{} exist{} in one copy only, as a parked database",
                                        unsealed, unsealed == 1 ? "" : "s",
                                        unsealed == 1 ? "s" : ""));
}

void add_owner(Project& project, StatusReport& report, const std::optional<Owner>& owner) {
  if (!owner) {
    report.warnings.emplace_back("this worktree is not set up; run: git quemsi install");
    return;
  }
  warn_of_branch(project, report, *owner);
  report.base = base_snapshot(project, *owner);
  if (const std::optional<Error> conflict = location_conflict(project, *owner)) {
    report.warnings.emplace_back(conflict->what());
  }
}

void add_databases(Project& project, StatusReport& report, const std::optional<Owner>& owner) {
  for (const DatabaseSpec& spec : project.config().databases) {
    report.databases.push_back(database_status(project, spec, owner));
    const DatabaseStatus& status = report.databases.back();
    report.dirty = report.dirty || status.dirty;
    if (const auto file = tracked_file(project, spec.name)) {
      report.warnings.push_back(tracked_line(*file));
    }
    if (!status.problem.empty()) {
      report.warnings.push_back(fmt::format("database '{}': {}", status.name, status.problem));
    }
  }
}

}  // namespace

StatusReport status(Project& project) {
  StatusReport report;
  report.branch = head_branch_name(project);
  report.trusted = project.initialised() && project.trust().trusts(project.config());
  if (!project.initialised()) {
    report.dirty = true;
    report.warnings.emplace_back(
        lacks_catalogue(project)
            ? "the catalogue of the snapshots is missing; run: git quemsi fsck --repair"
            : "git-quemsi is not set up here; run: git quemsi init");
    return report;
  }
  if (!report.trusted) {
    report.warnings.emplace_back(
        ".quemsi.yml asks for something else than you trusted; look at it, then run: "
        "git quemsi trust");
    return report;
  }
  static_cast<void>(reconcile(project));
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  add_owner(project, report, owner);
  add_databases(project, report, owner);
  add_background(project, report);
  warn_of_hooks(project, report);
  warn_of_single_copies(project, report);
  start_worker(project);
  return report;
}

}  // namespace quemsi
