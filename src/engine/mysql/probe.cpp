#include "engine/mysql/probe.hpp"

#include <fmt/format.h>

#include <array>
#include <set>

#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr std::array<const char*, 16> needed{
    "SELECT",         "INSERT",        "UPDATE",  "DELETE",     "CREATE",      "DROP",
    "ALTER",          "INDEX",         "TRIGGER", "EVENT",      "CREATE VIEW", "SHOW VIEW",
    "CREATE ROUTINE", "ALTER ROUTINE", "EXECUTE", "LOCK TABLES"};

/// Of the whole server, or of schemas whose pattern fits.
std::set<std::string> privileges_on(Connection& connection, const std::string& schema) {
  const Result rows = connection.query(
      fmt::format("SELECT privilege_type FROM information_schema.user_privileges UNION "
                  "SELECT privilege_type FROM information_schema.schema_privileges "
                  "WHERE {} LIKE table_schema",
                  quote_literal(schema)));
  std::set<std::string> privileges;
  for (std::size_t i = 0; i < rows.rows(); ++i) privileges.insert(rows.str(i, 0));
  return privileges;
}

bool has_role(Connection& connection) {
  const Result role = connection.query("SELECT CURRENT_ROLE()");
  return !role.is_null(0, 0) && role.str(0, 0) != "NONE";
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

}  // namespace

void check_rights(Connection& connection, const std::string& schema) {
  if (has_role(connection)) return;
  constexpr const char* some_copy = "quemsi_kkkkkkkkkkkkkkkk";
  const auto on_live = missing_on(connection, schema);
  const auto on_copies = missing_on(connection, some_copy);
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
    error.hint(
        fmt::format("as an administrator: GRANT ALL PRIVILEGES ON `quemsi\\_%`.* TO {};", user));
  }
  throw error;
}

Probe probe(const Server& server) {
  Connection connection = server.connect();
  Probe probe;
  probe.version = connection.version_text();
  if (!find_schema(connection, server.live())) return probe;
  check_rights(connection, server.live());
  probe.exists = true;
  probe.bytes = schema_bytes(connection, server.live());
  return probe;
}

}  // namespace quemsi::mysql_engine
