#include "engine/sqlite/opening.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <thread>

#include "engine/sqlite/files.hpp"
#include "engine/sqlite/holders.hpp"
#include "quemsi/error.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {
namespace {

Error not_a_database(const std::filesystem::path& file) {
  return Error(ErrorKind::engine, file.string() + " is not a SQLite database")
      .hint("check the URL in .quemsi.yml; encrypted databases are not supported");
}

void check_regular(const std::filesystem::path& file) {
  const auto info = stat_if_exists(file);
  if (!info) throw Error(ErrorKind::engine, "there is no database " + file.string());
  if (!S_ISREG(info->st_mode)) throw not_a_database(file);
}

void check_writable(sqlite::Connection& connection) {
  const std::filesystem::path& file = connection.file();
  if (sqlite3_db_readonly(connection.handle(), "main") == 1) {
    throw Error(ErrorKind::engine, file.string() + " is read-only")
        .hint("allow it: chmod u+w '" + file.string() + "'");
  }
  const std::filesystem::path folder = file.parent_path();
  if (faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    throw Error(ErrorKind::engine, "the folder of " + file.string() + " is read-only")
        .cause("SQLite keeps its journal beside the database")
        .hint("allow it: chmod u+wx '" + folder.string() + "'");
  }
}

/// The first read: it takes the lock and recovers.
void check_readable(sqlite::Connection& connection) {
  try {
    static_cast<void>(connection.query_int("PRAGMA schema_version"));
  } catch (const Error& error) {
    const std::filesystem::path& file = connection.file();
    if (sqlite3_errcode(connection.handle()) == SQLITE_NOTADB) throw not_a_database(file);
    if (error.kind() != ErrorKind::busy) throw;
    throw_busy(file, file.filename().string() + " is locked by another program");
  }
}

}  // namespace

PersistentWait::PersistentWait(sqlite::Connection& connection, std::chrono::milliseconds longest)
    : connection_(connection),
      longest_(longest),
      deadline_(std::chrono::steady_clock::now() + longest) {
  sqlite3_busy_handler(connection_.handle(), look_again, this);
}

PersistentWait::~PersistentWait() {
  sqlite3_busy_timeout(connection_.handle(), static_cast<int>(longest_.count()));
}

int PersistentWait::look_again(void* self, int /*looks*/) {
  constexpr std::chrono::microseconds pause{200};
  if (std::chrono::steady_clock::now() >= static_cast<PersistentWait*>(self)->deadline_) return 0;
  std::this_thread::sleep_for(pause);
  return 1;
}

sqlite::Connection open_database(const std::filesystem::path& file,
                                 std::chrono::milliseconds busy_timeout) {
  check_regular(file);
  sqlite::Connection connection(file, sqlite::Open::read_write, busy_timeout);
  check_writable(connection);
  {
    const PersistentWait wait(connection, busy_timeout);
    check_readable(connection);
  }
  return connection;
}

bool is_wal(sqlite::Connection& connection) {
  return connection.query_text("PRAGMA journal_mode") == "wal";
}

bool try_empty_wal(sqlite::Connection& connection) {
  int frames = -1;
  int written = -1;
  const std::int64_t waits = connection.query_int("PRAGMA busy_timeout");
  sqlite3_busy_timeout(connection.handle(), 0);
  const int code = sqlite3_wal_checkpoint_v2(connection.handle(), "main",
                                             SQLITE_CHECKPOINT_TRUNCATE, &frames, &written);
  sqlite3_busy_timeout(connection.handle(), static_cast<int>(waits));
  return code == SQLITE_OK && frames == 0;
}

void fold_sidecars(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout) {
  if (!has_sidecars(file)) return;
  {
    sqlite::Connection connection = open_database(file, busy_timeout);
    try_empty_wal(connection);
  }
  // Closing the last connection removes them; a journal that is cut or blanked stays.
  if (!has_hot_journal(file)) remove_file(journal_of(file));
  if (has_sidecars(file)) throw_busy(file, file.filename().string() + " is in use");
}

}  // namespace quemsi::sqlite_engine
