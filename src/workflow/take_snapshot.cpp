#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "util/clock.hpp"
#include "workflow/capture.hpp"
#include "workflow/checkpoint.hpp"
#include "workflow/live.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/pin.hpp"
#include "workflow/reconcile.hpp"
#include "workflow/seal.hpp"
#include "workflow/take.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

std::string automatic_tag(Project& project, const Owner& owner) {
  std::string when = format_iso(project.now()).substr(0, 19);
  std::replace(when.begin(), when.end(), ':', '-');
  const std::string stem =
      fmt::format("{}-{}", owner.branch_name.empty() ? "detached" : owner.branch_name, when);
  std::string tag = stem;
  for (int n = 2; project.catalogue().snapshot_by_tag(tag); ++n)
    tag = fmt::format("{}-{}", stem, n);
  return tag;
}

void check_tags_are_free(Project& project, const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) {
    check_tag(tag);
    const std::optional<SnapshotId> other = project.catalogue().snapshot_by_tag(tag);
    if (!other) continue;
    throw Error(ErrorKind::user, fmt::format("the tag '{}' is taken by {}", tag, other->str()))
        .hint(fmt::format("choose another, or: git quemsi delete '{}'", tag));
  }
}

[[noreturn]] void throw_nothing_there(Project& project, const std::vector<std::string>& names) {
  Error error(ErrorKind::user, "there is nothing to take a snapshot of");
  for (const std::string& name : names) {
    error.cause(
        fmt::format("database '{}' does not exist: {}", name, project.database(name).display()));
  }
  throw error.hint("create it first, for instance by your application's migrations");
}

bool exists(Project& project, const std::string& name) {
  return project.database(name).probe().exists;
}

/// Those that are asked for, which must be there; else all that are.
std::vector<std::string> chosen_databases(Project& project,
                                          const std::vector<std::string>& wanted) {
  std::vector<std::string> names = wanted.empty() ? database_names(project) : wanted;
  const auto is_there = [&](const std::string& name) { return exists(project, name); };
  const bool enough =
      wanted.empty() ? std::ranges::any_of(names, is_there) : std::ranges::all_of(names, is_there);
  if (!enough) throw_nothing_there(project, names);
  if (wanted.empty()) std::erase_if(names, std::not_fn(is_there));
  return names;
}

/// Holds all that there is. What a checkpoint leaves out was not there when it was taken.
bool is_whole(Project& project, const Snapshot& snapshot) {
  return std::ranges::all_of(database_names(project), [&](const std::string& name) {
    const Image* image = find_image(snapshot, name);
    if (image != nullptr) return image->content == Content::all;
    return snapshot.kind == SnapshotKind::checkpoint || !exists(project, name);
  });
}

/// A snapshot that is there is worth more than knowing its schema.
void try_to_remember_schema(Project& project, const Snapshot& snapshot) {
  try {
    if (is_whole(project, snapshot)) remember_schema(project, snapshot.id);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) throw;
  }
}

/// The worker, which would have done it, is left the rest.
void seal_now(Project& project, const Snapshot& snapshot, Progress& progress) {
  for (const Image& image : snapshot.images) seal_image(project, image.id, progress);
  write_snapshot_record(project, snapshot.id);
  project.catalogue().transaction([&] { remove_sealing_tasks(project, snapshot); });
}

Snapshot take(Project& project, const SnapshotRequest& request, Progress& progress) {
  std::optional<OperationLock> lock(std::in_place, project);
  reconcile_locked(project);
  const Owner owner = require_owner(project);
  const std::vector<std::string> names = chosen_databases(project, request.databases);
  check_tags_are_free(project, request.tags);
  Snapshot snapshot = new_snapshot(project, owner, request.kind);
  snapshot.description = request.description;
  snapshot.tags = request.tags;
  if (snapshot.tags.empty()) snapshot.tags = {automatic_tag(project, owner)};

  const CopyLimit limit = request.background ? CopyLimit::instant : CopyLimit::raw;
  progress.begin("copying", 0);
  const std::optional<Capture> capture =
      capture_live(project, owner, names, request.content, limit, progress);
  progress.end();
  if (!capture && request.background) {
    return pin_snapshot(project, owner, std::move(snapshot), names, request.content);
  }
  if (!capture) {
    return read_snapshot(project, owner, std::move(snapshot), names, request.content, lock,
                         progress);
  }
  snapshot = record_capture(project, owner, std::move(snapshot), *capture);
  lock.reset();
  if (!request.background) seal_now(project, snapshot, progress);
  start_worker(project);
  return project.catalogue().snapshot(snapshot.id).value_or(snapshot);
}

}  // namespace

void stand_at(Project& project, Owner owner, const Snapshot& snapshot,
              const std::map<std::string, Token>& tokens) {
  if (!is_whole(project, snapshot)) return;
  owner.base = snapshot.id;
  owner.tokens = tokens;
  Catalogue& catalogue = project.catalogue();
  catalogue.set_owner(owner);
  if (owner.branch) catalogue.set_tip({*owner.branch, owner.branch_name, snapshot.id});
}

Snapshot record_capture(Project& project, const Owner& owner, Snapshot snapshot,
                        const Capture& capture) {
  std::map<std::string, Token> tokens;
  for (const CapturedDatabase& captured : capture.databases) {
    snapshot.images.push_back(captured.image);
    if (captured.token) tokens.emplace(captured.image.database, *captured.token);
  }
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    catalogue.insert_snapshot(snapshot);
    stand_at(project, owner, snapshot, tokens);
    for (const Image& image : snapshot.images) {
      if (needs_capture(image)) add_task(project, task_seal, image.id.str());
    }
    add_task(project, task_record, snapshot.id.str());
    add_task(project, task_warm, "");
    catalogue.remove_journal(capture.journal);
  });
  return snapshot;
}

Snapshot take_snapshot(Project& project, const SnapshotRequest& request, Progress& progress) {
  project.require_trust();
  Snapshot snapshot = take(project, request, progress);
  try_to_remember_schema(project, snapshot);
  return snapshot;
}

}  // namespace quemsi
