#include "workflow/new_worktree.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "workflow/branches.hpp"
#include "workflow/live.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;

bool lacks_all_databases(Project& project) {
  const std::vector<std::string> names = database_names(project);
  return std::none_of(names.begin(), names.end(), [&](const std::string& name) {
    return project.database(name).probe().exists;
  });
}

std::optional<SnapshotId> own_state(Project& project) {
  const std::optional<BranchIdentity> branch = known_branch(project);
  const std::optional<Tip> tip = branch ? project.catalogue().tip(branch->key) : std::nullopt;
  if (!tip) return std::nullopt;
  return tip->snapshot;
}

/// None for a bare repository's worktrees, and where the main one was never set up.
std::optional<ProjectOptions> main_worktree(Project& project) {
  const fs::path& common = project.repository().common_dir();
  if (!project.catalogue().owner(WorktreeId("main")) || common.filename() != ".git") {
    return std::nullopt;
  }
  ProjectOptions options = project.options();
  options.start = common.parent_path();
  return options;
}

/// Taken there, under the branch that its databases stand for.
std::optional<SnapshotId> state_of_main(Project& project, Progress& progress) {
  const std::optional<ProjectOptions> options = main_worktree(project);
  if (!options) return std::nullopt;
  Project main(*options);
  if (!main.configured() || lacks_all_databases(main)) return std::nullopt;
  const std::optional<Owner> owner = main.catalogue().owner(WorktreeId("main"));
  if (owner && owner->base && !any_dirty(main, *owner)) return owner->base;
  return take_snapshot(main,
                       {.tags = {},
                        .description = fmt::format("what the worktree '{}' began with",
                                                   project.repository().worktree().str()),
                        .databases = {},
                        .kind = SnapshotKind::checkpoint},
                       progress)
      .id;
}

}  // namespace

std::optional<Snapshot> fill_new_worktree(Project& project, Progress& progress) {
  if (!project.repository().is_linked_worktree() || !lacks_all_databases(project)) {
    return std::nullopt;
  }
  std::optional<SnapshotId> state = own_state(project);
  if (!state) state = state_of_main(project, progress);
  if (!state) return std::nullopt;
  return restore_snapshot(project, {.snapshot = state->str(), .databases = {}}, progress).snapshot;
}

}  // namespace quemsi
