#include "engine/sqlite/reader.hpp"

#include <fcntl.h>

#include "engine/sqlite/backup.hpp"
#include "engine/sqlite/hash.hpp"
#include "engine/sqlite/opening.hpp"
#include "engine/sqlite/pages.hpp"

namespace quemsi::sqlite_engine {

Reader::Reader(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout)
    : connection_(open_database(file, busy_timeout)) {
  // An empty log lets a big file be copied as it is. For a small one it is not
  // worth keeping writers waiting for the moment that it takes.
  const auto info = stat_if_exists(file);
  if (info && info->st_size > static_cast<off_t>(small_bytes) && is_wal(connection_)) {
    try_empty_wal(connection_);
  }
  begin();
}

void Reader::begin() {
  const std::filesystem::path& file = connection_.file();
  const auto before = settled_state_of(file);
  transaction_.emplace(connection_, sqlite::Begin::deferred);
  static_cast<void>(connection_.query_int("SELECT count(*) FROM sqlite_master"));
  const auto after = state_of(file);
  if (before && after && before->settled && *before == *after) state_ = before;
  wal_ = is_wal(connection_);
  // A reader of an empty log keeps everybody from writing into the main file.
  main_file_is_all_ = !wal_ || (after && after->log_empty);
  bytes_ = static_cast<std::uint64_t>(connection_.query_int("PRAGMA page_count")) *
           static_cast<std::uint64_t>(connection_.query_int("PRAGMA page_size"));
}

std::optional<Token> Reader::token() {
  Proof proof;
  if (state_) proof.state = state_->text;
  // A log is written back sooner or later: the content stays, the state does not.
  const bool needs_hash = !state_ || !state_->log_empty;
  if (needs_hash && bytes_ <= small_bytes) proof.hash = content_hash(connection_);
  return token_of(proof);
}

bool Reader::copy_to(const std::filesystem::path& target, CopyLimit limit, Progress& progress) {
  progress.begin("copying " + connection_.file().filename().string(), bytes_);
  if (main_file_is_all_) {
    if (!copy_raw(target, limit, progress)) return false;
  } else {
    if (limit == CopyLimit::instant && bytes_ > small_bytes) return false;
    copy_pages(target, progress);
  }
  progress.end();
  return true;
}

bool Reader::copy_raw(const std::filesystem::path& target, CopyLimit limit, Progress& progress) {
  const Fd fd = open_file(target, O_RDWR | O_CREAT | O_EXCL);
  const bool share_only = limit == CopyLimit::instant && bytes_ > small_bytes;
  if (!copy_main_file(connection_, fd, target, share_only, progress)) {
    remove_file(target);
    return false;
  }
  sync_file(fd, target);
  return true;
}

void Reader::copy_pages(const std::filesystem::path& target, Progress& progress) {
  {
    sqlite::Connection copy(target, sqlite::Open::create, std::chrono::milliseconds(0));
    // Nobody sees the file before it is complete and synced.
    copy.execute("PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF");
    Backup backup(copy, connection_);
    backup.run(progress);
    backup.finish();
  }
  const Fd fd = open_file(target, O_RDWR);
  set_schema_cookie(fd, target, connection_.query_int("PRAGMA schema_version"));
  sync_file(fd, target);
}

}  // namespace quemsi::sqlite_engine
