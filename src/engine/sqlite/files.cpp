#include "engine/sqlite/files.hpp"

#include <fcntl.h>
#include <stdio.h>  // NOLINT(modernize-deprecated-headers): renameat2 is there
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "quemsi/error.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {
namespace {

std::filesystem::path beside(const std::filesystem::path& file, const char* suffix) {
  std::filesystem::path path = file;
  path += suffix;
  return path;
}

void copy_extended_attribute(const std::filesystem::path& from, const std::filesystem::path& to,
                             const char* name) {
  const ssize_t size = getxattr(from.c_str(), name, nullptr, 0);
  if (size < 0) return;
  std::vector<char> value(static_cast<std::size_t>(size));
  const ssize_t got = getxattr(from.c_str(), name, value.data(), value.size());
  if (got < 0) return;
  static_cast<void>(setxattr(to.c_str(), name, value.data(), static_cast<std::size_t>(got), 0));
}

void copy_extended_attributes(const std::filesystem::path& from, const std::filesystem::path& to) {
  const ssize_t size = listxattr(from.c_str(), nullptr, 0);
  if (size <= 0) return;
  std::vector<char> names(static_cast<std::size_t>(size));
  const ssize_t got = listxattr(from.c_str(), names.data(), names.size());
  if (got <= 0) return;
  for (auto name = names.begin(); name < names.begin() + got;) {
    copy_extended_attribute(from, to, &*name);
    name = std::find(name, names.end(), '\0') + 1;
  }
}

}  // namespace

std::optional<FileIdentity> identity_of(const std::filesystem::path& file) {
  const auto info = stat_if_exists(file);
  if (!info) return std::nullopt;
  return FileIdentity{info->st_dev, info->st_ino};
}

std::filesystem::path wal_of(const std::filesystem::path& file) { return beside(file, "-wal"); }

std::filesystem::path journal_of(const std::filesystem::path& file) {
  return beside(file, "-journal");
}

std::array<std::filesystem::path, 3> sidecars_of(const std::filesystem::path& file) {
  return {wal_of(file), beside(file, "-shm"), journal_of(file)};
}

bool has_sidecars(const std::filesystem::path& file) {
  return std::ranges::any_of(sidecars_of(file),
                             [](const auto& path) { return identity_of(path).has_value(); });
}

void remove_sidecars(const std::filesystem::path& file) {
  for (const auto& path : sidecars_of(file)) remove_file(path);
}

bool has_hot_journal(const std::filesystem::path& file) {
  // SQLite ends a transaction by removing the journal, cutting it to nothing, or
  // overwriting its header with zeros.
  const auto fd = open_if_exists(journal_of(file), O_RDONLY);
  std::array<char, 8> magic{};
  if (!fd || pread(fd->get(), magic.data(), magic.size(), 0) <= 0) return false;
  return std::ranges::any_of(magic, [](char c) { return c != '\0'; });
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw_errno(error.value(), "make", folder);
}

bool rename_new(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) return false;
    // Some file systems do not know the flag; there a link says the same.
    if (errno != EINVAL && errno != ENOSYS) throw_errno(errno, "rename to", to);
    if (link(from.c_str(), to.c_str()) != 0) {
      if (errno == EEXIST) return false;
      throw_errno(errno, "rename to", to);
    }
    remove_file(from);
  }
  sync_folder(to.parent_path());
  if (from.parent_path() != to.parent_path()) sync_folder(from.parent_path());
  return true;
}

void copy_attributes(const std::filesystem::path& from, const std::filesystem::path& to) {
  const auto info = stat_if_exists(from);
  if (!info) return;
  const bool owned = chown(to.c_str(), info->st_uid, info->st_gid) == 0 ||
                     chown(to.c_str(), static_cast<uid_t>(-1), info->st_gid) == 0;
  // Without the group, its rights would go to another group.
  const mode_t mode = info->st_mode & (owned ? 0777U : 0707U);
  static_cast<void>(chmod(to.c_str(), mode));
  copy_extended_attributes(from, to);
}

}  // namespace quemsi::sqlite_engine
