#include "engine/mysql/probe.hpp"

#include <fmt/format.h>

#include <array>
#include <set>

#include "engine/mysql/privileges.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr std::array<const char*, 16> needed{
    "SELECT",         "INSERT",        "UPDATE",  "DELETE",     "CREATE",      "DROP",
    "ALTER",          "INDEX",         "TRIGGER", "EVENT",      "CREATE VIEW", "SHOW VIEW",
    "CREATE ROUTINE", "ALTER ROUTINE", "EXECUTE", "LOCK TABLES"};

/// A name that a parked copy may have.
constexpr const char* some_copy = "quemsi_kkkkkkkkkkkkkkkk";

/// Of the whole server, or of schemas whose pattern fits.
std::set<std::string> privileges_on(Connection& connection, const std::string& schema) {
  const Result rows = connection.query(
      fmt::format("SELECT privilege_type FROM information_schema.user_privileges WHERE {0} UNION "
                  "SELECT privilege_type FROM information_schema.schema_privileges "
                  "WHERE {0} AND {1} LIKE table_schema",
                  is_our_grant(connection), quote_literal(schema)));
  std::set<std::string> privileges;
  for (std::size_t i = 0; i < rows.rows(); ++i) privileges.insert(rows.str(i, 0));
  return privileges;
}

std::vector<std::string> missing_on(Connection& connection, const std::string& schema) {
  const std::set<std::string> present = privileges_on(connection, schema);
  std::vector<std::string> missing;
  for (const char* privilege : needed) {
    if (!present.contains(privilege)) missing.emplace_back(privilege);
  }
  return missing;
}

/// As a pattern that fits nothing else.
std::string as_pattern(const std::string& schema) {
  std::string pattern;
  for (const char c : schema) {
    if (c == '_' || c == '%' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return quote_identifier(pattern);
}

std::string grant_on_copies(const std::string& user) {
  return fmt::format("as an administrator: GRANT ALL PRIVILEGES ON `quemsi\\_%`.* TO {};", user);
}

void require(Connection& connection, const std::string& schema,
             const std::vector<std::string>& on_live, const std::vector<std::string>& on_copies) {
  if (on_live.empty() && on_copies.empty()) return;
  const std::string user = grantee(connection);
  Error error(ErrorKind::engine, fmt::format("user {} may not exchange schema {}", user, schema));
  if (!on_live.empty()) {
    error.cause(fmt::format("it lacks on {}: {}", schema, join(on_live, ", ")));
    error.hint(fmt::format("as an administrator: GRANT ALL PRIVILEGES ON {}.* TO {};",
                           as_pattern(schema), user));
  }
  if (!on_copies.empty()) {
    error.cause(fmt::format("it lacks on parked copies: {}", join(on_copies, ", ")));
    error.hint(grant_on_copies(user));
  }
  throw error;
}

/// What a role lets its users do is in no table: the server lets nobody into a schema, even one
/// that is not there, on which he has no privilege at all.
bool is_let_into_copies(Connection& connection) {
  try {
    connection.enter(some_copy);
  } catch (const Error&) {
    if (connection.lost()) throw;
    return connection.error_code() != code::access_denied_database;
  }
  return true;
}

bool may_make_copies(Connection& connection) {
  if (has_role(connection)) return is_let_into_copies(connection);
  return missing_on(connection, some_copy).empty();
}

}  // namespace

void check_rights_in_place(Connection& connection, const std::string& schema) {
  if (has_role(connection)) return;
  const std::vector<std::string> on_live = missing_on(connection, schema);
  // Who has to ask for something had better ask for all of it.
  if (!on_live.empty()) require(connection, schema, on_live, missing_on(connection, some_copy));
}

void check_rights(Connection& connection, const std::string& schema) {
  if (has_role(connection)) return;
  require(connection, schema, missing_on(connection, schema), missing_on(connection, some_copy));
}

std::optional<Error> rename_obstacle(Connection& connection, const std::string& schema) {
  Error error(ErrorKind::engine, "schema " + schema + " cannot be exchanged");
  if (!renames_as_one(connection)) {
    return error.cause(connection.version_text() + " may leave half of it renamed when it crashes")
        .hint(
            "upgrade the server: MariaDB 10.6 and MySQL 8.0 are the oldest that rename tables as "
            "one");
  }
  if (may_make_copies(connection)) return std::nullopt;
  const std::string user = grantee(connection);
  return error.cause(fmt::format("user {} may not make schemas beside it", user))
      .hint(grant_on_copies(user));
}

void check_may_drop(Connection& connection, const std::string& schema, const SchemaObjects& objects,
                    const Definers& definers) {
  if (may_touch_system_users(connection)) return;
  const std::vector<std::string> names = definers.names_of_foreign(objects);
  if (names.empty()) return;
  throw Error(ErrorKind::engine, fmt::format("objects in {} run as other users, and may not be "
                                             "dropped: {}",
                                             schema, join(names, ", ")))
      .hint(fmt::format("as an administrator: GRANT {} ON *.* TO {};",
                        definer_privileges(connection), grantee(connection)))
      .hint("or drop them, and make them again as the user of the URL");
}

Probe probe(const Server& server, Connection& connection) {
  Probe probe;
  probe.version = connection.version_text();
  if (!find_schema(connection, server.live())) return probe;
  probe.exists = true;
  probe.bytes = schema_bytes(connection, server.live());
  return probe;
}

}  // namespace quemsi::mysql_engine
