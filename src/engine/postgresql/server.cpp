#include "engine/postgresql/server.hpp"

#include <fmt/format.h>

#include <mutex>
#include <utility>

#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr int oldest_version = 120000;

bool means_other_database(const Error& error) {
  return error.sqlstate() == sqlstate::no_database || error.sqlstate() == sqlstate::no_privilege ||
         error.sqlstate() == "55000" || error.sqlstate().starts_with("28");
}

void check_server(Connection& connection) {
  if (connection.version() < oldest_version) {
    throw Error(ErrorKind::unsupported,
                fmt::format("PostgreSQL {} is too old: 12 is the oldest that works",
                            PQparameterStatus(connection.handle(), "server_version")));
  }
  if (connection.query("SELECT pg_catalog.pg_is_in_recovery()").boolean(0, 0)) {
    throw Error(ErrorKind::unsupported, "the PostgreSQL server is a standby: it can only be read")
        .hint("write the primary server into the URL");
  }
}

}  // namespace

/// What live's session was opened with; asked for once.
class KnownPassword {
 public:
  std::string learn(const ConnectInfo& live) {
    const std::lock_guard lock(mutex_);
    if (!known_) known_ = Connection::open(live).password();
    return *known_;
  }
  std::string known() {
    const std::lock_guard lock(mutex_);
    return known_.value_or("");
  }

 private:
  std::mutex mutex_;
  std::optional<std::string> known_;
};

Server::Server(const DatabaseSpec& spec, EngineContext context)
    : context_(std::move(context)),
      info_(ConnectInfo::parse(spec.url)),
      password_(std::make_shared<KnownPassword>()) {
  check_host(info_, context_.allowed_hosts);
  check_live_name(info_.database());
}

void Server::notice(const std::string& line) const {
  if (context_.notice) context_.notice(line);
}

Connection Server::connect(const std::string& database, std::string_view application_name,
                           std::optional<std::chrono::milliseconds> limit) const {
  const ConnectInfo to = info_.to(database);
  const std::string known = password_->known();
  try {
    return Connection::open(to.with_password(known), application_name, limit);
  } catch (const Error& error) {
    const bool may_know = known.empty() && database != live() && !info_.password();
    if (error.sqlstate() != sqlstate::no_password || !may_know) throw;
    const std::string learned = password_->learn(info_);
    if (learned.empty()) throw;
    return Connection::open(to.with_password(learned), application_name, limit);
  }
}

Connection Server::maintenance(std::string_view application_name) const {
  std::optional<Error> refusal;
  // Every server has the first two, unless somebody removed or closed them.
  for (const std::string& database : {std::string("postgres"), std::string("template1"), live()}) {
    try {
      Connection connection = connect(database, application_name);
      check_server(connection);
      return connection;
    } catch (const Error& error) {
      if (!means_other_database(error)) throw;
      if (!refusal) refusal = error;
    }
  }
  refusal->hint(fmt::format("as a superuser: GRANT CONNECT ON DATABASE postgres TO {};",
                            quote_identifier(info_.user())));
  throw *refusal;
}

Loan Server::borrow() const { return {take(), kept_}; }

Connection Server::take() const {
  std::optional<Connection> kept = std::exchange(*kept_, std::nullopt);
  return kept && kept->answers() ? *std::move(kept) : maintenance();
}

std::string server_identity(Connection& connection, const ConnectInfo& info) {
  const Result allowed = connection.query(
      "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')");
  if (!allowed.boolean(0, 0)) return info.to("").location();
  return connection.query("SELECT system_identifier FROM pg_catalog.pg_control_system()").str(0, 0);
}

std::optional<DatabaseFacts> find_database(Connection& connection, const std::string& name,
                                           bool with_size) {
  const Result found = connection.query(
      "SELECT d.oid, pg_catalog.pg_has_role(d.datdba, 'USAGE'), d.datconnlimit <> -2, "
      "d.datistemplate, CASE WHEN $2::bool AND d.datconnlimit <> -2 AND "
      "pg_catalog.has_database_privilege(d.oid, 'CONNECT') "
      "THEN pg_catalog.pg_database_size(d.oid) ELSE 0 END "
      "FROM pg_catalog.pg_database d WHERE d.datname::text = $1",
      name, with_size ? "t" : "f");
  if (found.rows() == 0) return std::nullopt;
  return DatabaseFacts{.oid = found.str(0, 0),
                       .bytes = static_cast<std::uint64_t>(found.int64(0, 4)),
                       .owned = found.boolean(0, 1),
                       .is_valid = found.boolean(0, 2),
                       .is_template = found.boolean(0, 3)};
}

}  // namespace quemsi::postgresql_engine
