// Opening somebody's database, and saying clearly why it cannot be used.
#pragma once

#include <chrono>
#include <filesystem>

#include "sqlite/connection.hpp"

namespace quemsi::sqlite_engine {

/// While it lives, the connection looks for the lock all the time. SQLite's own
/// waiting grows to 100 ms between two looks, and a busy writer comes back sooner.
class PersistentWait {
 public:
  PersistentWait(sqlite::Connection& connection, std::chrono::milliseconds longest);
  ~PersistentWait();
  PersistentWait(const PersistentWait&) = delete;
  PersistentWait& operator=(const PersistentWait&) = delete;

 private:
  static int look_again(void* self, int looks);

  sqlite::Connection& connection_;
  std::chrono::milliseconds longest_;
  std::chrono::steady_clock::time_point deadline_;
};

/// Opens an existing database for reading and writing, which recovers what a
/// killed application left. Throws Error(engine) when it is none, or read-only,
/// Error(busy) naming who holds it.
sqlite::Connection open_database(const std::filesystem::path& file,
                                 std::chrono::milliseconds busy_timeout);

/// Brings everything into the main file and lets SQLite remove what is beside
/// it. Throws Error(busy) when somebody else has it open.
void fold_sidecars(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout);

/// Writes the log back and empties it, without waiting for anybody. False when
/// somebody is in the way, or there is no log.
bool try_empty_wal(sqlite::Connection& connection);

bool is_wal(sqlite::Connection& connection);

}  // namespace quemsi::sqlite_engine
