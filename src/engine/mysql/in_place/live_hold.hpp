// The sessions that exchange a schema's content.
#pragma once

#include <vector>

#include "engine/mysql/catalog.hpp"
#include "engine/mysql/rename.hpp"
#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {

/// One that does it all, a build session; a second one looks on, and sees what the first has
/// locked.
class LiveHold {
 public:
  /// `server` must outlive it. Throws Error(busy) when another session has the lock of that name.
  LiveHold(const Server& server, const std::string& lock, ConnectionPolicy policy);
  ~LiveHold() { unlock(); }
  LiveHold(const LiveHold&) = delete;
  LiveHold& operator=(const LiveHold&) = delete;

  /// From here on nobody gets at any of these tables of live. Throws Error(busy) with the names of
  /// who has them.
  void lock(const std::vector<TableEntry>& tables);
  /// False when one of them is gone: nothing is locked then.
  bool lock_if_there(const std::vector<TableEntry>& tables);
  /// No error when nothing is locked.
  void unlock() noexcept;
  /// Tables with other names, all or none.
  void rename(const Renames& renames) { renamer_.rename(renames); }
  /// Which connections were closed.
  void report() { way_.report(); }

  [[nodiscard]] const Server& server() const noexcept { return server_; }
  [[nodiscard]] const std::string& live() const noexcept { return server_.live(); }
  Connection& worker() noexcept { return sessions_.front(); }
  Connection& observer() noexcept { return observer_; }
  /// The worker, for what builds.
  std::vector<Connection>& sessions() noexcept { return sessions_; }

 private:
  const Server& server_;
  std::vector<Connection> sessions_;
  Connection observer_;
  WayClearer way_;
  Renamer renamer_;
};

}  // namespace quemsi::mysql_engine
