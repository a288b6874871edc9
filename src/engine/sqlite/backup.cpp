#include "engine/sqlite/backup.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "engine/sqlite/file_copy.hpp"
#include "engine/sqlite/holders.hpp"

namespace quemsi::sqlite_engine {
namespace {

constexpr int stride_bytes = 4 << 20;

bool is_good(int code) { return code == SQLITE_OK || code == SQLITE_DONE; }

/// Any other descriptor, once closed, would drop SQLite's locks on the file.
void copy_through_sqlite(sqlite::Connection& connection, const Fd& to,
                         const std::filesystem::path& target, Progress& progress) {
  sqlite3_file* file = nullptr;
  connection.check(sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_FILE_POINTER,
                                        static_cast<void*>(&file)),
                   "look into");
  sqlite3_int64 size = 0;
  connection.check(file->pMethods->xFileSize(file, &size), "measure");
  if (ftruncate(to.get(), 0) != 0) throw_errno(errno, "cut", target);
  std::vector<std::byte> buffer(std::size_t{1} << 20);
  for (sqlite3_int64 offset = 0; offset < size;) {
    progress.check_cancelled();
    const auto part = std::min(static_cast<sqlite3_int64>(buffer.size()), size - offset);
    connection.check(file->pMethods->xRead(file, buffer.data(), static_cast<int>(part), offset),
                     "read");
    write_all(to, std::span(buffer).first(static_cast<std::size_t>(part)), target);
    progress.advance(static_cast<std::uint64_t>(part));
    offset += part;
  }
}

}  // namespace

Backup::Backup(sqlite::Connection& to, sqlite::Connection& from)
    : to_(to), page_size_(static_cast<int>(from.query_int("PRAGMA page_size"))) {
  handle_.reset(sqlite3_backup_init(to.handle(), "main", from.handle(), "main"));
  if (!handle_) to.fail(sqlite3_extended_errcode(to.handle()), "start copying to");
}

int Backup::step(int pages) {
  const int code = sqlite3_backup_step(handle_.get(), pages);
  if (!is_good(code)) to_.fail(code, "copy to");
  return code;
}

void Backup::lock() { step(0); }

void Backup::run(Progress& progress) {
  const int pages = std::max(1, stride_bytes / page_size_);
  for (;;) {
    progress.check_cancelled();
    const bool done = step(pages) == SQLITE_DONE;
    progress.advance(static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_size_));
    if (done) return;
  }
}

void Backup::finish() {
  const int code = sqlite3_backup_finish(handle_.release());
  to_.check(code, "finish copying to");
}

bool copy_main_file(sqlite::Connection& connection, const Fd& to,
                    const std::filesystem::path& target, bool share_only, Progress& progress) {
  const auto file = identity_of(connection.file());
  const auto own = file ? own_descriptor(*file) : std::nullopt;
  // The descriptor is SQLite's, not ours: it counts if it still is the file afterwards.
  if (own && reflink(*own, to) && is_descriptor_of(*own, *file)) return true;
  if (!share_only) copy_through_sqlite(connection, to, target, progress);
  return !share_only;
}

unsigned data_version(sqlite::Connection& connection) {
  unsigned value = 0;
  connection.check(
      sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_DATA_VERSION, &value),
      "look at");
  return value;
}

}  // namespace quemsi::sqlite_engine
