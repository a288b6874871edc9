#include "engine/postgresql/examine.hpp"

#include <fmt/format.h>

#include "engine/postgresql/dump_tool.hpp"
#include "engine/postgresql/holders.hpp"
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
