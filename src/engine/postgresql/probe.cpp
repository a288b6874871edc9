#include "engine/postgresql/probe.hpp"

#include <fmt/format.h>

#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

struct Role {
  std::string name;
  bool may_create = false;
};

Role current_role(Connection& connection) {
  const Result row = connection.query(
      "SELECT rolname, rolcreatedb OR rolsuper FROM pg_catalog.pg_roles "
      "WHERE rolname = current_user");
  return {row.str(0, 0), row.boolean(0, 1)};
}

}  // namespace

/// Without what the distribution adds to it in parentheses.
std::string version_text(const Connection& connection) {
  const std::string text = PQparameterStatus(connection.handle(), "server_version");
  return "PostgreSQL " + text.substr(0, text.find(' '));
}

std::optional<Error> rename_obstacle(Connection& connection, const std::string& database) {
  const auto facts = find_database(connection, database);
  try {
    check_rights(connection, database, facts.value_or(DatabaseFacts{.oid = {}, .owned = true}));
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

void check_valid(const std::string& database, const DatabaseFacts& facts) {
  if (facts.is_valid) return;
  throw Error(ErrorKind::engine,
              fmt::format("database {} is what an interrupted DROP DATABASE left", database))
      .hint(fmt::format("finish it: DROP DATABASE {};", quote_identifier(database)));
}

void check_rights(Connection& connection, const std::string& database, const DatabaseFacts& facts) {
  const Role role = current_role(connection);
  const bool elsewhere = connection.database() != database;
  if (facts.owned && role.may_create && elsewhere) return;
  const std::string quoted = quote_identifier(role.name);
  Error error(ErrorKind::engine,
              fmt::format("user {} may not exchange database {}", role.name, database));
  if (!facts.owned) {
    error.cause("it does not own the database");
    error.hint(fmt::format("as a superuser: ALTER DATABASE {} OWNER TO {};",
                           quote_identifier(database), quoted));
  }
  if (!role.may_create) {
    error.cause("it may not create databases");
    error.hint(fmt::format("as a superuser: ALTER ROLE {} CREATEDB;", quoted));
  }
  if (!elsewhere) {
    error.cause("it may not connect to another database of the server");
    error.hint(fmt::format("as a superuser: GRANT CONNECT ON DATABASE postgres TO {};", quoted));
  }
  throw error;
}

Probe probe(const Server& server) {
  Loan loan = server.borrow();
  return probe(server, loan.get());
}

Probe probe(const Server& server, Connection& connection) {
  Probe probe;
  probe.version = version_text(connection);
  const auto facts = find_database(connection, server.live(), true);
  if (!facts) return probe;
  check_valid(server.live(), *facts);
  check_rights(connection, server.live(), *facts);
  probe.exists = true;
  probe.bytes = facts->bytes;
  return probe;
}

}  // namespace quemsi::postgresql_engine
