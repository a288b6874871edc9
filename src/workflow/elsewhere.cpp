#include <fmt/core.h>

#include <algorithm>

#include "util/text.hpp"
#include "workflow/copies.hpp"
#include "workflow/live.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/room.hpp"

namespace quemsi {
namespace {

const Image& chosen_image(const Snapshot& snapshot, const std::string& database) {
  if (database.empty() && snapshot.images.size() == 1) return snapshot.images.front();
  std::vector<std::string> names;
  for (const Image& image : snapshot.images) {
    if (image.database == database) return image;
    names.push_back(image.database);
  }
  throw Error(ErrorKind::user,
              database.empty()
                  ? fmt::format("snapshot {} holds several databases", snapshot.id.str())
                  : fmt::format("snapshot {} holds no database '{}'", snapshot.id.str(), database))
      .hint("choose one with --database: " + join(names, ", "));
}

/// A text without a scheme is a path, and like any path that a user types it
/// starts where the user is.
DatabaseSpec target_spec(Project& project, const Image& image, const std::string& to) {
  const bool has_scheme = to.find(':') != std::string::npos;
  std::string url = to;
  if (!has_scheme) {
    url = image.engine + ":" +
          std::filesystem::absolute(project.options().start / to).lexically_normal().string();
  }
  DatabaseSpec spec{
      .name = image.database, .engine = EngineRegistry::engine_of_url(url), .url = url};
  if (spec.engine == image.engine) return spec;
  throw Error(ErrorKind::user, fmt::format("'{}' is a {} database, the snapshot holds {}",
                                           mask_password(to), spec.engine, image.engine));
}

void require_free_target(Project& project, const DatabaseSpec& spec, bool replace) {
  const std::unique_ptr<Database> target = project.open_url(spec);
  for (const auto& [name, location] : locations(project)) {
    if (location != target->location()) continue;
    throw Error(ErrorKind::user,
                fmt::format("{} is the live database '{}'", target->display(), name))
        .hint("git quemsi restore SNAPSHOT    without --to restores into it");
  }
  if (replace || !target->probe().exists) return;
  throw Error(ErrorKind::user, target->display() + " exists already")
      .hint("add --replace to replace it");
}

void build(Project& project, const Image& image, const ParkedName& name, Content content,
           Progress& progress) {
  Database& database = project.database(image.database);
  require_room(project, image.database, image.bytes);
  if (image.parked) {
    progress.begin("copying " + image.database, image.bytes);
    database.clone_parked(*image.parked, name, progress);
  } else {
    progress.begin("restoring " + image.database, image.bytes);
    const std::unique_ptr<ImageSource> source = project.store().read_image(image.manifest.value());
    database.materialise(*source, name, progress);
  }
  if (content == Content::schema) database.empty_parked(name);
  progress.end();
}

ElsewhereResult keep_as_temporary(Project& project, const Snapshot& snapshot, const Image& image,
                                  const ImageId& id, std::int64_t journal) {
  const std::string url = project.database(image.database).parked_url(parked_name(id));
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    catalogue.add_temporary({.id = id,
                             .database = image.database,
                             .snapshot = snapshot.id,
                             .url = mask_password(url),
                             .created_at = project.now()});
    catalogue.remove_journal(journal);
  });
  return {.snapshot = snapshot,
          .database = image.database,
          .url = mask_password(url),
          .temporary = id,
          .kept_days = project.config().retention.temporary};
}

ElsewhereResult publish(Project& project, const Snapshot& snapshot, const Image& image,
                        const ImageId& id, const DatabaseSpec& target, bool replace) {
  project.database(image.database).publish(parked_name(id), target, replace);
  return {.snapshot = snapshot,
          .database = image.database,
          .url = project.open_url(target)->display(),
          .temporary = std::nullopt};
}

}  // namespace

void check_elsewhere(Project& project, const ElsewhereRequest& request) {
  project.require_trust();
  const Snapshot snapshot = resolve_snapshot(project, request.snapshot);
  const Image& image = chosen_image(snapshot, request.database);
  if (!request.to) return;
  require_free_target(project, target_spec(project, image, *request.to), request.replace);
}

ElsewhereResult restore_elsewhere(Project& project, const ElsewhereRequest& request,
                                  Progress& progress) {
  project.require_trust();
  const OperationLock lock(project);
  reconcile_locked(project);
  Snapshot snapshot = resolve_snapshot(project, request.snapshot);
  if (forget_missing_copies(project, snapshot)) {
    snapshot = project.catalogue().snapshot(snapshot.id).value_or(snapshot);
  }
  const Image& image = chosen_image(snapshot, request.database);
  std::optional<DatabaseSpec> target;
  if (request.to) {
    target = target_spec(project, image, *request.to);
    require_free_target(project, *target, request.replace);
  }
  const ImageId id = new_image_id();
  const std::vector<ParkedCopy> copies{{image.database, parked_name(id)}};
  const std::int64_t journal = announce_copies(project, copies);
  try {
    build(project, image, copies.front().name, request.content, progress);
    if (!target) return keep_as_temporary(project, snapshot, image, id, journal);
    ElsewhereResult result = publish(project, snapshot, image, id, *target, request.replace);
    discard_copies(project, journal, copies);
    return result;
  } catch (...) {
    try_to_discard_copies(project, journal, copies);
    throw;
  }
}

std::vector<TemporaryDatabase> list_temporaries(Project& project) {
  return project.catalogue().temporaries();
}

TemporaryDatabase drop_temporary(Project& project, const std::string& which) {
  project.require_trust();
  const OperationLock lock(project);
  reconcile_locked(project);
  std::vector<TemporaryDatabase> found = project.catalogue().temporaries();
  std::erase_if(found, [&](const TemporaryDatabase& item) {
    return item.url != which && (which.empty() || !item.id.str().starts_with(which));
  });
  if (found.size() != 1) {
    throw Error(ErrorKind::user, fmt::format("{} temporary database '{}'",
                                             found.empty() ? "no" : "more than one", which))
        .hint("git quemsi temp list");
  }
  const TemporaryDatabase& item = found.front();
  project.database(item.database).drop_parked(parked_name(item.id));
  project.catalogue().remove_temporary(item.id);
  return item;
}

}  // namespace quemsi
