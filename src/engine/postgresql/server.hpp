// One configured database, its server, and the ways to connect to both.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "engine/common/loan.hpp"
#include "engine/postgresql/connection.hpp"
#include "engine/postgresql/url.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// A maintenance connection.
using Loan = quemsi::Loan<Connection>;

class KnownPassword;

/// Used from one thread, but for connect().
class Server {
 public:
  /// No I/O. Throws Error(config) for what must not be touched.
  Server(const DatabaseSpec& spec, EngineContext context);

  [[nodiscard]] const ConnectInfo& info() const noexcept { return info_; }
  [[nodiscard]] const EngineContext& context() const noexcept { return context_; }
  /// Name of the configured database.
  [[nodiscard]] const std::string& live() const noexcept { return info_.database(); }
  void notice(const std::string& line) const;

  /// A password that is kept for live alone (~/.pgpass names databases) serves for the others, too.
  [[nodiscard]] Connection connect(
      const std::string& database, std::string_view application_name = application,
      std::optional<std::chrono::milliseconds> limit = std::nullopt) const;
  /// To a database that is neither live nor a copy, from which those can be renamed and dropped; to
  /// live if no other lets us in. Error(unsupported) for a server that is too old, or a standby.
  [[nodiscard]] Connection maintenance(std::string_view application_name = application) const;
  /// The same, mostly without the time that it takes to connect.
  [[nodiscard]] Loan borrow() const;
  /// The same, for good: who takes it may set in it what he likes.
  [[nodiscard]] Connection take() const;

 private:
  EngineContext context_;
  ConnectInfo info_;
  Loan::Home kept_ = std::make_shared<std::optional<Connection>>();
  std::shared_ptr<KnownPassword> password_;
};

/// Tells servers apart, whatever they are called: the system identifier, or its address where the
/// role may not read that.
std::string server_identity(Connection& connection, const ConnectInfo& info);

struct DatabaseFacts {
  std::string oid;
  std::uint64_t bytes = 0;
  bool owned = false;    ///< by a role that we are, or are a member of
  bool is_valid = true;  ///< false for what an interrupted DROP left
  bool is_template = false;
};

/// None when there is no such database. `with_size` costs a look at every file.
std::optional<DatabaseFacts> find_database(Connection& connection, const std::string& name,
                                           bool with_size = false);

}  // namespace quemsi::postgresql_engine
