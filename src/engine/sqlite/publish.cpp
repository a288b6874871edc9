#include "engine/sqlite/publish.hpp"

#include <optional>

#include "engine/sqlite/file_copy.hpp"
#include "engine/sqlite/files.hpp"
#include "engine/sqlite/holders.hpp"
#include "engine/sqlite/lease.hpp"
#include "engine/sqlite/opening.hpp"
#include "engine/sqlite/workspace.hpp"
#include "quemsi/error.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {
namespace {

void check_folder(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.parent_path();
  if (std::filesystem::is_directory(folder)) return;
  throw Error(ErrorKind::user, "there is no folder " + folder.string())
      .hint("make it: mkdir -p '" + folder.string() + "'");
}

bool same_device(const std::filesystem::path& file, const std::filesystem::path& folder) {
  const auto a = identity_of(file);
  const auto b = identity_of(folder);
  return a && b && a->device == b->device;
}

/// `from` itself, or a copy of it on the device of `to`. Only that needs a
/// workspace, in a folder which is the user's.
std::filesystem::path bring_near(const std::filesystem::path& from, const std::filesystem::path& to,
                                 std::optional<Workspace>& workspace, Progress& progress) {
  if (same_device(from, to.parent_path())) return from;
  std::filesystem::path copy = workspace.emplace(to.parent_path()).file("copy");
  copy_file(from, copy, progress);
  copy_attributes(from, copy);
  return copy;
}

}  // namespace

void move_database(const std::filesystem::path& from, const std::filesystem::path& to,
                   Progress& progress) {
  check_folder(to);
  if (identity_of(to)) throw Error(ErrorKind::user, to.string() + " exists");
  // SQLite would take them for the new file's.
  remove_sidecars(to);
  std::optional<Workspace> workspace;
  const std::filesystem::path near = bring_near(from, to, workspace, progress);
  if (!rename_new(near, to)) throw Error(ErrorKind::user, to.string() + " exists");
  if (near != from) remove_file(from);
}

void replace_database(const std::filesystem::path& from, const std::filesystem::path& to,
                      std::chrono::milliseconds busy_timeout, Progress& progress) {
  try {
    // Its log is not to be mixed into the new content.
    sqlite::Connection old = open_database(to, busy_timeout);
    try_empty_wal(old);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::engine) throw;
    throw Error(ErrorKind::user, to.string() + " is not replaced").cause(error.what());
  }
  const auto lease = Lease::take(to);
  if ((!lease && !holders_of(to).empty()) || has_hot_journal(to) || identity_of(wal_of(to))) {
    throw_busy(to, to.string() + " is in use");
  }
  remove_sidecars(to);
  std::optional<Workspace> workspace;
  const std::filesystem::path near = bring_near(from, to, workspace, progress);
  copy_attributes(to, near);
  if (lease && !lease->untouched()) throw_busy(to, to.string() + " is in use");
  rename_durably(near, to);
  if (near != from) remove_file(from);
}

}  // namespace quemsi::sqlite_engine
