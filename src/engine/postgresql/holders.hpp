// Who is connected to a database, and getting them out of the way. A database can be renamed, or
// copied as a template, only while nobody is in it.
#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

struct Holder {
  std::string pid;  ///< of the server process
  std::string database;
  std::string application;
  std::string user;
  bool ours = false;  ///< of this program, which reads a state: waited for, never ended
  bool of_superuser = false;
  bool may_be_ended = false;  ///< by us, as far as the server's rules go
};

/// All but ourselves, and but those that the server itself ends (autovacuum).
std::vector<Holder> holders_of(Connection& connection, const std::vector<std::string>& databases);

/// Whom the session of server process `pid` waits for, as far as they can be asked to go.
std::vector<Holder> blockers_of(Connection& connection, int pid);

/// Ends the session of that name, which may be about to exchange `database` for a process that was
/// killed. Throws Error(busy) when it does not end in time.
void end_session(Connection& connection, const std::string& name, const std::string& database,
                 std::chrono::milliseconds limit);

/// Ends the sessions of ours whose running statement begins so: a process that was killed does not
/// end what it asked the server for. Throws Error(busy) when they do not end in time.
void end_statement(Connection& connection, const std::string& beginning,
                   std::chrono::milliseconds limit);

/// Ends the session of ours that server process `pid` served. Throws Error(busy) when it does not
/// end in time.
void end_process(Connection& connection, int pid, std::chrono::milliseconds limit);

/// Error(busy) and Error(engine) for what no closing of connections gets out of the way: prepared
/// transactions, replication, background workers.
std::vector<Error> obstacles(Connection& connection, const std::vector<std::string>& databases);
/// Throws the first of them.
void check_obstacles(Connection& connection, const std::vector<std::string>& databases);

/// Applies the configured policy to a few databases. Waits no longer than the busy timeout in all.
class WayClearer {
 public:
  /// Who is in the way; asked by a connection that is not.
  using Find = std::function<std::vector<Holder>(Connection&)>;

  WayClearer(const Server& server, std::vector<std::string> databases, ConnectionPolicy policy,
             Find find);
  WayClearer(const Server& server, std::vector<std::string> databases, ConnectionPolicy policy);
  WayClearer(const Server& server, std::vector<std::string> databases)
      : WayClearer(server, std::move(databases), server.context().connections) {}

  /// A server process that is about to leave by itself.
  void expect_gone(const std::string& pid) { seen_.insert(pid); }
  /// Returns once nobody is in the way; throws Error(busy) naming who is.
  void clear(Connection& connection);
  /// Closes whom the policy lets it close, without waiting for them to go; nobody as long as
  /// somebody is there whom we may not close.
  void push(Connection& connection);
  [[nodiscard]] bool may_push() const { return policy_ == ConnectionPolicy::terminate; }
  [[nodiscard]] bool may_wait() const { return policy_ != ConnectionPolicy::refuse; }
  [[nodiscard]] std::chrono::milliseconds remaining() const;
  /// Who is in the way now, or holds a lock on one of the databases.
  [[nodiscard]] Error busy(Connection& connection) const;
  /// Tells the user whose connections were closed, once.
  void report();

 private:
  void close(Connection& connection, const Holder& holder);
  [[nodiscard]] bool refused(const Holder& holder) const { return refused_.contains(holder.pid); }
  void hint_at_rights(const std::vector<Holder>& holders, Error& error) const;
  [[nodiscard]] bool still_leaving(Connection& connection) const;

  const Server& server_;
  std::vector<std::string> databases_;
  ConnectionPolicy policy_;
  Find find_;
  std::chrono::steady_clock::time_point deadline_;
  std::set<std::string> seen_;   ///< pids of all that were in the way
  std::set<std::string> asked_;  ///< pids of those that were told to go
  std::vector<std::string> closed_;
  std::set<std::string> refused_;  ///< pids of those that we may not close
};

}  // namespace quemsi::postgresql_engine
