#include "engine/mysql/read_lock.hpp"

#include <fmt/format.h>

#include "engine/mysql/privileges.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr unsigned long oldest_with_flush_tables = 80023;

bool has_flush_tables(const Connection& connection) {
  return !connection.is_mariadb() && connection.version() >= oldest_with_flush_tables;
}

/// As far as we may see, for a fifth of a second or longer. MySQL's `time` counts how often the
/// clock's second has changed: a statement of a millisecond may show 1.
bool others_take_long(Connection& connection) {
  return connection
             .query(
                 "SELECT 1 FROM information_schema.processlist WHERE command IN ('Query', "
                 "'Execute') AND time - 1 + MICROSECOND(NOW(6)) / 1e6 >= 0.2 "
                 "AND id <> CONNECTION_ID() LIMIT 1")
             .rows() > 0;
}

}  // namespace

ReadLock::ReadLock(const Server& server) : server_(server), connection_(server.connect()) {
  // The first is for when we stop to be there, the second for when we cannot end the wait.
  connection_.execute("SET SESSION wait_timeout = 3, SESSION lock_wait_timeout = 1");
}

LockOutcome ReadLock::take(std::chrono::milliseconds limit) {
  if (!connection_.is_mariadb() && others_take_long(connection_)) return LockOutcome::kept_waiting;
  try {
    connection_.start("FLUSH TABLES WITH READ LOCK");
    if (!connection_.ready_within(limit)) interrupt();
    connection_.collect();
  } catch (const Error& error) {
    const unsigned code = connection_.error_code();
    const bool denied = code == code::access_denied || code == code::access_denied_user;
    if (!denied && error.kind() != ErrorKind::busy) throw;
    return denied ? LockOutcome::not_allowed : LockOutcome::kept_waiting;
  }
  held_ = true;
  return LockOutcome::held;
}

/// It may be had at that very moment: collect() tells.
void ReadLock::interrupt() {
  server_.connect().execute(fmt::format("KILL QUERY {}", connection_.id()));
}

bool ReadLock::release() noexcept {
  if (!held_) return false;
  held_ = false;
  try {
    connection_.execute("UNLOCK TABLES");
    return true;
  } catch (const std::exception&) {
    return false;  // The session's end has unlocked them.
  }
}

bool may_lock_all(Connection& connection) {
  return has_privilege(connection, "RELOAD") ||
         (has_flush_tables(connection) && has_privilege(connection, "FLUSH_TABLES"));
}

const char* lock_privilege(const Connection& connection) {
  return has_flush_tables(connection) ? "FLUSH_TABLES" : "RELOAD";
}

}  // namespace quemsi::mysql_engine
