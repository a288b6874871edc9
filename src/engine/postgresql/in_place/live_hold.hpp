// The one transaction in which a database's content is exchanged.
#pragma once

#include <string>
#include <vector>

#include "engine/postgresql/catalog.hpp"
#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/server.hpp"
#include "engine/postgresql/session.hpp"

namespace quemsi::postgresql_engine {

/// A transaction in a database, and a second connection that looks on. Who is in the way of a
/// statement is treated as the policy for connections says; taken back unless committed. Whatever
/// it cannot get within `EngineContext::busy_timeout` is Error(busy) with the names of who has it.
class LiveHold {
 public:
  /// `server` must outlive it. `name` is what pg_stat_activity calls the transaction's session.
  LiveHold(const Server& server, const std::string& name, ConnectionPolicy policy);

  /// From here on nobody writes to any table, while all can be read.
  void lock_tables();
  /// The same for sequences. Taken later: to look at one's value takes a lock that this excludes.
  void lock_sequences();
  /// Statements that may have to wait for others.
  void run(const std::string& sql);
  /// Durable on return.
  void commit();
  /// Returns once all is as it was; throws when that cannot be told.
  void rollback() { transaction_.rollback(); }
  /// Which connections were closed.
  void report() { way_.report(); }

  [[nodiscard]] const Server& server() const noexcept { return server_; }
  Connection& connection() noexcept { return sessions_.front().connection(); }
  /// Sees what has been committed.
  Connection& observer() noexcept { return observer_; }
  /// The transaction's, for what builds.
  std::vector<BuildSession>& sessions() noexcept { return sessions_; }

 private:
  [[nodiscard]] WayClearer new_way() const;
  void wait();
  void give_up();
  /// What runs waits for somebody, even if for nobody who could be named.
  [[nodiscard]] bool is_blocked();

  const Server& server_;
  ConnectionPolicy policy_;
  Connection observer_;
  std::vector<BuildSession> sessions_;
  int pid_;
  Transaction transaction_;
  WayClearer way_;
  std::vector<Relation> locked_;
};

}  // namespace quemsi::postgresql_engine
