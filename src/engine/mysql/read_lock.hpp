// FLUSH TABLES WITH READ LOCK: for a moment nobody on the server commits.
//
// It waits for statements that are under way, and while it waits others wait behind it. So it is
// given up soon. A MySQL that has given it up lets nobody open a table again that a statement
// goes on reading, until that one ends: there it is not even tried next to one that takes long.
#pragma once

#include <chrono>

#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {

enum class LockOutcome {
  held,
  not_allowed,
  kept_waiting,  ///< by others, for too long
};

class ReadLock {
 public:
  explicit ReadLock(const Server& server);
  /// Whatever becomes of us, the server lets go of it a few seconds later.
  ~ReadLock() { release(); }
  ReadLock(const ReadLock&) = delete;
  ReadLock& operator=(const ReadLock&) = delete;

  LockOutcome take(std::chrono::milliseconds limit);
  /// False when it had been lost before, or was never held.
  bool release() noexcept;

 private:
  void interrupt();

  const Server& server_;
  Connection connection_;
  bool held_ = false;
};

/// As far as the server tells: privileges that come from roles it does not.
bool may_lock_all(Connection& connection);
/// What an administrator grants who lets this user take the lock.
const char* lock_privilege(const Connection& connection);

}  // namespace quemsi::mysql_engine
