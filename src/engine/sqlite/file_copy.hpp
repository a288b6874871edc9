// Copying file contents as cheaply as the file system can.
#pragma once

#include <cstdint>
#include <filesystem>

#include "quemsi/progress.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {

/// Shares the blocks (btrfs, xfs, ...); false when these files cannot.
bool reflink(int from, const Fd& to);
/// Whether files in that folder can share blocks, as far as the kind of file system tells.
bool may_reflink(const std::filesystem::path& folder);
/// Shares the blocks if possible, else copies. Leaves the position of `from` alone.
void copy_contents(int from, const Fd& to, const std::filesystem::path& target, Progress& progress);
/// A new, synced file; `to` must not exist.
void copy_file(const std::filesystem::path& from, const std::filesystem::path& to,
               Progress& progress);

}  // namespace quemsi::sqlite_engine
