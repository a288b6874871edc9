// One configured schema, its server, and the way to connect.
#pragma once

#include <optional>
#include <string>

#include "engine/common/loan.hpp"
#include "engine/common/once_told.hpp"
#include "engine/common/parked_registry.hpp"
#include "engine/mysql/connection.hpp"
#include "engine/mysql/url.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

/// What is told once a repository.
namespace once {
inline constexpr const char* rewritten = "rewritten-definers";
inline constexpr const char* one_reader = "one-reader";
inline constexpr const char* routine_grants = "routine-grants";
}  // namespace once

using Loan = quemsi::Loan<Connection>;

/// Used from one thread, but for connect().
class Server {
 public:
  /// No I/O. Throws Error(config) for what must not be touched.
  Server(const DatabaseSpec& spec, EngineContext context);

  [[nodiscard]] const ConnectInfo& info() const noexcept { return info_; }
  [[nodiscard]] const EngineContext& context() const noexcept { return context_; }
  /// Name of the configured schema.
  [[nodiscard]] const std::string& live() const noexcept { return info_.schema(); }
  [[nodiscard]] const ParkedRegistry& registry() const noexcept { return registry_; }
  void notice(const std::string& line) const;
  [[nodiscard]] const OnceTold& once() const noexcept { return once_; }
  /// Of what is told once, what is due.
  void tell_once() const;
  /// Throws Error(unsupported) for a server that is too old.
  [[nodiscard]] Connection connect() const;
  /// The same, mostly without the time that it takes. For a few questions: it stays in no schema.
  [[nodiscard]] Loan borrow() const;

 private:
  EngineContext context_;
  ConnectInfo info_;
  ParkedRegistry registry_;
  OnceTold once_;
  Loan::Home kept_ = std::make_shared<std::optional<Connection>>();
};

/// Older servers rename several tables by halves when they crash.
bool renames_as_one(const Connection& connection);

/// Tells servers apart, whatever they are called.
std::string server_identity(Connection& connection);
/// Tells one run of a server from the next.
std::string server_run(Connection& connection);

/// Where counters and states of the server, or of the session, can be looked up.
const char* status_table(const Connection& connection, bool session);

/// What a schema itself says.
struct SchemaFacts {
  std::string charset;
  std::string collation;
  std::string comment;  ///< MariaDB's
  bool operator==(const SchemaFacts&) const = default;
};

/// None when there is no such schema.
std::optional<SchemaFacts> find_schema(Connection& connection, const std::string& name);
/// CREATE DATABASE, without anything in it.
void create_schema(Connection& connection, const std::string& name, const SchemaFacts& facts);
/// Makes the schema's own facts these.
void alter_schema(Connection& connection, const std::string& name, const SchemaFacts& facts);
/// Data and indexes, as far as the server knows.
std::uint64_t schema_bytes(Connection& connection, const std::string& name);
/// A condition on a column of the information schema that an index of its own serves.
std::string is_named(const std::string& column, const std::string& name);

}  // namespace quemsi::mysql_engine
