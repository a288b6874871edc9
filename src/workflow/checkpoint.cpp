#include "workflow/checkpoint.hpp"

#include "workflow/capture.hpp"
#include "workflow/live.hpp"
#include "workflow/pin.hpp"
#include "workflow/take.hpp"

namespace quemsi {

std::optional<Snapshot> take_checkpoint(Project& project, const Owner& owner,
                                        std::string description, Progress& progress) {
  Snapshot snapshot = new_snapshot(project, owner, SnapshotKind::checkpoint);
  snapshot.description = std::move(description);
  const std::vector<std::string> names = database_names(project);
  const std::optional<Capture> capture =
      capture_live(project, owner, names, Content::all, CopyLimit::instant, progress);
  if (!capture) return pin_snapshot(project, owner, std::move(snapshot), names, Content::all);
  if (capture->databases.empty()) {
    project.catalogue().remove_journal(capture->journal);
    return std::nullopt;
  }
  return record_capture(project, owner, std::move(snapshot), *capture);
}

std::string live_schema(Project& project) {
  std::string all;
  for (const std::string& name : database_names(project)) {
    all += name + "=" + project.database(name).schema_fingerprint().value_or("none") + "\n";
  }
  return all;
}

void remember_schema(Project& project, const SnapshotId& snapshot) {
  const std::string schema = live_schema(project);
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  // Looked at before it is known to be unchanged: so it is the snapshot's.
  if (!owner || owner->base != snapshot || any_dirty(project, *owner)) return;
  project.catalogue().set_schema(snapshot, schema);
}

}  // namespace quemsi
