// A database file and what SQLite keeps beside it.
#pragma once

#include <sys/types.h>

#include <array>
#include <filesystem>
#include <optional>

namespace quemsi::sqlite_engine {

/// Which file it is, whatever its name.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};

/// None when there is no such file.
std::optional<FileIdentity> identity_of(const std::filesystem::path& file);

std::filesystem::path wal_of(const std::filesystem::path& file);
std::filesystem::path journal_of(const std::filesystem::path& file);
/// -wal, -shm and -journal.
std::array<std::filesystem::path, 3> sidecars_of(const std::filesystem::path& file);
bool has_sidecars(const std::filesystem::path& file);
void remove_sidecars(const std::filesystem::path& file);
/// True when the rollback journal may hold pages that belong into the file.
bool has_hot_journal(const std::filesystem::path& file);

/// With all folders above it.
void make_folder(const std::filesystem::path& folder);

/// Renames without replacing; false when `to` exists. Both folders are synced.
bool rename_new(const std::filesystem::path& from, const std::filesystem::path& to);
/// Owner, mode and extended attributes (so ACLs), as far as permitted.
void copy_attributes(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace quemsi::sqlite_engine
