// Who keeps tables from being renamed, and getting them out of the way. A table can be renamed
// while nobody has a transaction open in which it was used; who is merely connected is in nobody's
// way.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "engine/mysql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

struct Holder {
  std::string id;  ///< of the connection
  std::string user;
  std::string program;  ///< empty where the server does not tell
  bool ours = false;    ///< of this program, which reads a state: waited for, never ended
};

/// Those that hold locks in the schemas, where the server tells; else all sessions in one of them
/// that we may see and that do not wait for a lock themselves. Never ourselves.
std::vector<Holder> holders_of(Connection& connection, const std::vector<std::string>& schemas,
                               const std::set<std::string>& ourselves);
/// Everybody whose current schema this is, busy or not, as far as we may see.
std::vector<Holder> users_of(Connection& connection, const std::string& schema);
/// "the app (connection 7) of user app@localhost"
std::string describe(const Holder& holder);

/// A session that reads a schema for longer says so as long as it lives. Does nothing when too many
/// read the same.
void announce_reader(Connection& connection, const std::string& schema);

[[nodiscard]] bool is_being_read(Connection& connection, const std::string& schema);

/// Applies the configured policy to a few schemas. Waits no longer than the busy timeout in all.
class WayClearer {
 public:
  /// `ourselves`: ids of connections that work for the caller.
  WayClearer(const Server& server, std::vector<std::string> schemas,
             std::set<std::string> ourselves, ConnectionPolicy policy);

  /// One more connection that works for the caller.
  void add_ours(const Connection& connection) {
    ourselves_.insert(std::to_string(connection.id()));
  }
  [[nodiscard]] std::chrono::milliseconds remaining() const;
  /// Closes whom the policy lets it close.
  void push(Connection& connection);
  /// Who is in the way now.
  [[nodiscard]] Error busy(Connection& connection) const;
  /// Tells the user whose connections were closed, once.
  void report();

 private:
  void close(Connection& connection, const Holder& holder);

  const Server& server_;
  std::vector<std::string> schemas_;
  std::set<std::string> ourselves_;
  ConnectionPolicy policy_;
  std::chrono::steady_clock::time_point deadline_;
  std::set<std::string> asked_;
  std::vector<std::string> closed_;
};

}  // namespace quemsi::mysql_engine
