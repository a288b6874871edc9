#include "engine/sqlite/parked.hpp"

#include <fcntl.h>

#include <algorithm>

#include "engine/sqlite/files.hpp"
#include "engine/sqlite/hash.hpp"
#include "quemsi/error.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {
namespace {

constexpr std::string_view name_prefix = "quemsi_";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_parked_name(std::string_view name) {
  return name.starts_with(name_prefix) && name.size() > name_prefix.size() &&
         std::ranges::all_of(name, is_plain);
}

void check(const ParkedName& name) {
  if (is_parked_name(name.str())) return;
  throw Error(ErrorKind::internal, "'" + name.str() + "' is not a parked copy's name");
}

/// Readable, and different for different names: the hash tells apart what is left alike.
std::string folder_name(const std::string& database) {
  constexpr std::size_t longest = 40;
  std::string text = database.substr(0, longest);
  std::ranges::replace_if(
      text, [](char c) { return !is_plain(c); }, '_');
  return text + "-" + text_hash(database);
}

std::optional<dev_t> device_of(const std::filesystem::path& folder) {
  const auto identity = identity_of(folder);
  return identity ? std::optional(identity->device) : std::nullopt;
}

std::uint64_t bytes_of(const std::filesystem::path& file) {
  const auto info = stat_if_exists(file);
  const auto wal = stat_if_exists(wal_of(file));
  return static_cast<std::uint64_t>((info ? info->st_size : 0) + (wal ? wal->st_size : 0));
}

void list_folder(const std::filesystem::path& folder, std::vector<ParkedInfo>& found) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (is_parked_name(name) && it->is_regular_file(error))
      found.push_back({ParkedName(name), bytes_of(it->path())});
  }
}

/// Our folder in somebody's worktree keeps out of git's sight.
void ignore_by_git(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / ".gitignore";
  if (identity_of(file)) return;
  constexpr std::string_view all = "*\n";
  write_all(open_file(file, O_WRONLY | O_CREAT | O_TRUNC), std::as_bytes(std::span(all)), file);
}

}  // namespace

ParkedFolder::ParkedFolder(const std::filesystem::path& state_dir, const std::string& database,
                           const std::filesystem::path& live)
    : state_dir_(state_dir),
      live_folder_(live.parent_path()),
      central_(state_dir / "parked" / folder_name(database)),
      beside_(live_folder_ / ".quemsi" / folder_name(database)) {}

const std::filesystem::path& ParkedFolder::home() const {
  const auto live = device_of(live_folder_);
  return !live || live == device_of(state_dir_) ? central_ : beside_;
}

std::vector<ParkedInfo> ParkedFolder::list() const {
  std::vector<ParkedInfo> found;
  for (const auto& folder : {central_, beside_}) {
    Workspace::clean(folder);
    list_folder(folder, found);
  }
  std::ranges::sort(found, {}, &ParkedInfo::name);
  return found;
}

std::optional<std::filesystem::path> ParkedFolder::find(const ParkedName& name) const {
  check(name);
  for (const auto& folder : {central_, beside_}) {
    if (identity_of(folder / name.str())) return folder / name.str();
  }
  return std::nullopt;
}

std::filesystem::path ParkedFolder::get(const ParkedName& name) const {
  const auto found = find(name);
  if (!found) throw Error(ErrorKind::engine, "there is no parked copy " + name.str());
  return *found;
}

std::filesystem::path ParkedFolder::place(const ParkedName& name) const {
  if (find(name)) throw Error(ErrorKind::engine, "the parked copy " + name.str() + " exists");
  return home() / name.str();
}

Workspace ParkedFolder::workspace() const {
  make_folder(home());
  if (home() == beside_) ignore_by_git(beside_.parent_path());
  return Workspace(home());
}

void ParkedFolder::adopt(const std::filesystem::path& made, const ParkedName& name) const {
  if (rename_new(made, place(name))) return;
  throw Error(ErrorKind::engine, "the parked copy " + name.str() + " exists");
}

void ParkedFolder::drop(const ParkedName& name) const {
  while (const auto file = find(name)) {
    remove_file(*file);
    remove_sidecars(*file);
    // Or a power cut brings back a copy that nobody knows.
    sync_folder(file->parent_path());
  }
}

}  // namespace quemsi::sqlite_engine
