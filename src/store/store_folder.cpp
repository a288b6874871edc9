#include "store/store_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "quemsi/ids.hpp"
#include "store/pack_format.hpp"
#include "util/fd.hpp"

namespace quemsi {
namespace {

constexpr std::string_view temporary_prefix = "pack-";

/// A finished pack is never written to again. Whom the store's folder lets in may read it.
mode_t pack_mode(const std::filesystem::path& root) {
  const auto status = stat_if_exists(root);
  return 0400 | (status ? status->st_mode & 0444 : 0);
}

void create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  const bool created = std::filesystem::create_directory(folder, error);
  if (error) throw_errno(error.value(), "create", folder);
  if (created) sync_folder(folder.parent_path());
}

std::vector<std::filesystem::directory_entry> entries_of(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  std::vector<std::filesystem::directory_entry> found;
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    found.push_back(*entries);
  }
  if (error) throw_errno(error.value(), "list", folder);
  std::ranges::sort(found);
  return found;
}

bool is_pack(const std::filesystem::directory_entry& entry) {
  std::error_code gone;
  return pack_format::is_pack_name(entry.path().filename().string()) &&
         entry.symlink_status(gone).type() == std::filesystem::file_type::regular;
}

}  // namespace

StoreFolder::StoreFolder(const std::filesystem::path& root)
    : lock_(root / "packs.lock"), packs_(root / "packs"), temporary_(root / "tmp") {
  create_folder(root);
  create_folder(packs_);
  create_folder(temporary_);
}

FileLock StoreFolder::lock(LockMode mode, std::chrono::milliseconds wait) const {
  return FileLock::lock(lock_, mode, wait);
}

std::vector<PackInfo> StoreFolder::list_packs() const {
  std::vector<PackInfo> packs;
  for (const auto& entry : entries_of(packs_)) {
    if (!is_pack(entry)) continue;
    const auto status = stat_if_exists(entry.path());
    if (!status) continue;
    packs.push_back(
        {entry.path().filename().string(), static_cast<std::uint64_t>(status->st_size)});
  }
  return packs;
}

std::vector<std::string> StoreFolder::list_strangers() const {
  std::vector<std::string> names;
  for (const auto& entry : entries_of(packs_)) {
    if (!is_pack(entry)) names.push_back(entry.path().filename().string());
  }
  return names;
}

std::uint64_t StoreFolder::remove_leftovers() const {
  std::uint64_t freed = 0;
  for (const auto& entry : entries_of(temporary_)) {
    if (!entry.path().filename().string().starts_with(temporary_prefix)) continue;
    const auto status = stat_if_exists(entry.path());
    if (status && S_ISREG(status->st_mode) && remove_file(entry.path())) {
      freed += static_cast<std::uint64_t>(status->st_size);
    }
  }
  return freed;
}

TemporaryFile create_temporary(const std::filesystem::path& folder) {
  // Any random letters will do: O_EXCL refuses a name that exists.
  std::filesystem::path path = folder / std::string(temporary_prefix).append(new_image_id().str());
  const mode_t mode = pack_mode(folder.parent_path());
  Fd fd = open_file(path, O_WRONLY | O_CREAT | O_EXCL, mode);
  // The folder counts, not the umask; where files have no modes there is none to set.
  static_cast<void>(fchmod(fd.get(), mode));
  return {std::move(fd), std::move(path)};
}

}  // namespace quemsi
