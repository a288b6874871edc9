#include "engine/postgresql/examine.hpp"

#include <fmt/format.h>

#include "engine/postgresql/dump_tool.hpp"
#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/probe.hpp"
#include "util/disk.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// Sealing and restoring use several connections at once.
constexpr std::int64_t few_connections = 10;

void find_obstacles(Connection& connection, const std::string& live,
                    std::vector<Finding>& findings) {
  for (Error& error : obstacles(connection, {live})) {
    findings.push_back({Severity::error, std::move(error)});
  }
}

void find_remains(Connection& connection, std::vector<Finding>& findings) {
  const Result rows = connection.query(
      "SELECT datname FROM pg_catalog.pg_database WHERE datconnlimit = -2 "
      "AND pg_catalog.pg_has_role(datdba, 'USAGE') ORDER BY datname");
  for (int row = 0; row < rows.rows(); ++row) {
    const std::string name = rows.str(row, 0);
    findings.push_back(
        {Severity::warning,
         Error(ErrorKind::engine,
               fmt::format("database {} is what an interrupted DROP DATABASE left", name))
             .hint(fmt::format("finish it: DROP DATABASE {};", quote_identifier(name)))});
  }
}

void find_full_server(Connection& connection, std::vector<Finding>& findings) {
  const Result row = connection.query(
      "SELECT current_setting('max_connections')::int "
      "- current_setting('superuser_reserved_connections')::int - count(*) "
      "FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'");
  const std::int64_t left = row.int64(0, 0);
  if (left >= few_connections) return;
  findings.push_back(
      {Severity::warning,
       Error(ErrorKind::engine, fmt::format("the server has {} connections left", left))
           .cause("snapshots and restores use several at once")
           .hint("close some, or as a superuser: ALTER SYSTEM SET max_connections = 200; and "
                 "restart the server")});
}

/// The server says so before it looks whether there is such a database.
void find_refused_names(const Server& server, std::vector<Finding>& findings) {
  try {
    const Connection connection = server.connect("quemsi_doctor");
  } catch (const Error& error) {
    if (!error.sqlstate().starts_with("28")) return;
    Error refused(ErrorKind::engine,
                  fmt::format("the server lets user {} into no database quemsi_..., which is what "
                              "parked copies are called",
                              server.info().user()));
    for (const std::string& cause : error.causes()) refused.cause(cause);
    refused.hint("in pg_hba.conf, write all for the database's name, or /^quemsi_ (PostgreSQL 16)");
    findings.push_back({Severity::error, std::move(refused)});
  }
}

/// What is sealed is built again by CREATE EXTENSION.
void find_extensions(Connection& inside, const std::string& user, std::vector<Finding>& findings) {
  const Result rows = inside.query(
      fmt::format("SELECT e.extname FROM pg_catalog.pg_extension e "
                  "JOIN pg_catalog.pg_available_extension_versions v "
                  "ON v.name = e.extname AND v.version = e.extversion WHERE v.superuser AND NOT {} "
                  "AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) "
                  "ORDER BY e.extname",
                  inside.major() >= 13 ? "v.trusted" : "false"));
  for (int row = 0; row < rows.rows(); ++row) {
    findings.push_back(
        {Severity::error,
         Error(
             ErrorKind::engine,
             fmt::format("snapshots of database {} cannot be built again once their parked copy is "
                         "gone",
                         inside.database()))
             .cause(fmt::format("only a superuser can install its extension {}", rows.text(row, 0)))
             .hint(fmt::format("for development, as a superuser: ALTER ROLE {} SUPERUSER;",
                               quote_identifier(user)))});
  }
}

/// Roles, how much they own of what somebody made, and one of these things.
Result read_foreign_owners(Connection& inside) {
  return inside.query(fmt::format(
      R"(WITH owned(class, oid, owner, place) AS (
  SELECT 'pg_class'::regclass::oid, oid, relowner, relnamespace FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
  UNION ALL SELECT 'pg_proc'::regclass::oid, oid, proowner, pronamespace FROM pg_proc
  UNION ALL SELECT 'pg_type'::regclass::oid, oid, typowner, typnamespace FROM pg_type
    WHERE typtype IN ('d', 'e', 'r')
  UNION ALL SELECT 'pg_namespace'::regclass::oid, oid, nspowner, oid FROM pg_namespace
    WHERE nspname <> 'public')
SELECT pg_get_userbyid(o.owner), count(*), min(pg_describe_object(o.class, o.oid, 0))
FROM owned o JOIN pg_namespace n ON n.oid = o.place
WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
  AND NOT pg_has_role(o.owner, '{}')
  AND NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')
GROUP BY o.owner ORDER BY 1)",
      inside.major() >= 16 ? "SET" : "MEMBER"));
}

/// ALTER ... OWNER TO wants a member of the new owner.
void find_foreign_owners(Connection& inside, const std::string& user,
                         std::vector<Finding>& findings) {
  const Result rows = read_foreign_owners(inside);
  for (int row = 0; row < rows.rows(); ++row) {
    const std::int64_t others = rows.int64(row, 1) - 1;
    const std::string more = others > 0 ? fmt::format(" and {} more", others) : std::string();
    const std::string owner = quote_identifier(rows.str(row, 0));
    findings.push_back(
        {Severity::error,
         Error(ErrorKind::engine,
               fmt::format("snapshots of database {} cannot be built again once their parked copy "
                           "is gone",
                           inside.database()))
             .cause(fmt::format("user {} may make nothing that belongs to {}: {}{}", user, owner,
                                rows.text(row, 2), more))
             .hint(
                 fmt::format("as an administrator: GRANT {} TO {};", owner, quote_identifier(user)))
             .hint("or let it belong to the user, as an administrator: ALTER ... OWNER TO")});
  }
}

void find_policies(Connection& inside, const std::string& user, std::vector<Finding>& findings) {
  const Result rows = inside.query(
      "SELECT c.oid::pg_catalog.regclass FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p') "
      "AND c.relrowsecurity AND pg_catalog.row_security_active(c.oid) ORDER BY 1");
  for (int row = 0; row < rows.rows(); ++row) {
    findings.push_back(
        {Severity::error,
         Error(
             ErrorKind::engine,
             fmt::format("snapshots of database {} fail: user {} may not see all rows of table {}",
                         inside.database(), user, rows.text(row, 0)))
             .cause("its row-level security applies to that user, too")
             .hint(fmt::format("as a superuser: ALTER ROLE {} BYPASSRLS;", quote_identifier(user)))
             .hint(fmt::format("or as its owner: ALTER TABLE {} NO FORCE ROW LEVEL SECURITY;",
                               rows.text(row, 0)))});
  }
}

void find_encoding(Connection& inside, std::vector<Finding>& findings) {
  if (inside.query("SHOW server_encoding").text(0, 0) != "SQL_ASCII") return;
  findings.push_back(
      {Severity::warning,
       Error(ErrorKind::engine,
             fmt::format("database {} does not know its encoding (SQL_ASCII)", inside.database()))
           .cause("snapshots fail as soon as a text in it is not UTF-8")
           .hint("dump it, and restore it into a database made with: CREATE DATABASE ... ENCODING "
                 "'UTF8' TEMPLATE template0;")});
}

}  // namespace

std::vector<Finding> examine(const Server& server) {
  Connection connection = server.maintenance();
  std::vector<Finding> findings;
  find_obstacles(connection, server.live(), findings);
  if (auto problem = dump_tool_problem(server.context(), connection.major())) {
    findings.push_back({Severity::error, *std::move(problem)});
  }
  find_remains(connection, findings);
  find_full_server(connection, findings);
  Connection inside = server.connect(server.live());
  find_policies(inside, server.info().user(), findings);
  find_encoding(inside, findings);
  if (rename_obstacle(connection, server.live())) return findings;
  find_extensions(inside, server.info().user(), findings);
  find_foreign_owners(inside, server.info().user(), findings);
  find_refused_names(server, findings);
  return findings;
}

std::optional<std::uint64_t> free_bytes(const Server& server) {
  Connection connection = server.maintenance();
  // Who may not see the setting gets no row. A client without an address is on this machine.
  const Result row = connection.query(
      "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'data_directory' "
      "AND pg_catalog.inet_client_addr() IS NULL");
  std::error_code hidden;
  if (row.rows() == 0 || !std::filesystem::exists(row.str(0, 0), hidden)) return std::nullopt;
  return free_space(row.str(0, 0));
}

}  // namespace quemsi::postgresql_engine
