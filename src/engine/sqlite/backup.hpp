// SQLite's backup API: copies one database over another in one transaction.
#pragma once

#include "quemsi/progress.hpp"
#include "sqlite/connection.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {

/// Destroyed before finish(), it leaves the target as it was. Neither connection
/// may be used in between.
class Backup {
 public:
  Backup(sqlite::Connection& to, sqlite::Connection& from);

  /// Takes the target's write lock: from here on nobody else can commit to it.
  /// The source must not be empty. Throws Error(busy) after the target's busy timeout.
  void lock();
  /// Copies all pages and commits. Throws Error(cancelled) between two strides.
  void run(Progress& progress);
  void finish();

 private:
  int step(int pages);

  sqlite::Connection& to_;
  CHandle<sqlite3_backup, sqlite3_backup_finish> handle_;
  int page_size_;
};

/// Copies the main file as it is to a new one; `connection` holds a lock on it.
/// With `share_only` false is answered where the file system cannot share blocks.
bool copy_main_file(sqlite::Connection& connection, const Fd& to,
                    const std::filesystem::path& target, bool share_only, Progress& progress);

/// Changes with every commit, whoever makes it, that this connection gets to see.
unsigned data_version(sqlite::Connection& connection);

}  // namespace quemsi::sqlite_engine
