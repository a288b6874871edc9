#include <fmt/format.h>

#include "engine/postgresql/holders.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

std::string is_one_of(const std::vector<std::string>& databases) {
  std::vector<std::string> quoted;
  quoted.reserve(databases.size());
  for (const std::string& name : databases) quoted.push_back(quote_literal(name));
  return fmt::format("IN ({})", join(quoted, ", "));
}

std::optional<Error> prepared(Connection& connection, const std::string& condition) {
  const Result rows = connection.query(
      fmt::format("SELECT database, gid, owner FROM pg_catalog.pg_prepared_xacts WHERE database {}",
                  condition));
  if (rows.rows() == 0) return std::nullopt;
  Error error(ErrorKind::busy,
              fmt::format("database {} has a prepared transaction", rows.text(0, 0)));
  for (int row = 0; row < rows.rows(); ++row) {
    error.cause(fmt::format("{} of user {}, in database {}", rows.text(row, 1), rows.text(row, 2),
                            rows.text(row, 0)));
  }
  error.hint(fmt::format("in database {}: COMMIT PREPARED {gid}; or ROLLBACK PREPARED {gid};",
                         rows.text(0, 0), fmt::arg("gid", quote_literal(rows.text(0, 1)))));
  return error;
}

/// A slot goes with its database, so that whoever reads it would find another one.
std::optional<Error> replicated(Connection& connection, const std::string& condition) {
  const Result rows = connection.query(fmt::format(
      "SELECT s.database, s.slot_name, s.active_pid, "
      "coalesce(nullif(a.application_name, ''), 'unnamed application') "
      "FROM pg_catalog.pg_replication_slots s "
      "LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid WHERE s.database {} "
      "ORDER BY s.active_pid IS NULL",
      condition));
  if (rows.rows() == 0) return std::nullopt;
  const bool active = !rows.is_null(0, 2);
  Error error(
      active ? ErrorKind::busy : ErrorKind::engine,
      fmt::format("database {} is replicated by slot {}", rows.text(0, 0), rows.text(0, 1)));
  if (active) error.cause(fmt::format("{} (pid {}) reads it", rows.text(0, 3), rows.text(0, 2)));
  if (active) error.hint(fmt::format("stop {} first", rows.text(0, 3)));
  error.hint(fmt::format("when nobody needs it any more: SELECT pg_drop_replication_slot({});",
                         quote_literal(rows.text(0, 1))));
  return error;
}

std::optional<Error> subscribed(Connection& connection, const std::string& condition) {
  const Result rows = connection.query(fmt::format(
      "SELECT d.datname, s.subname FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d "
      "ON d.oid = s.subdbid WHERE s.subenabled AND d.datname {}",
      condition));
  if (rows.rows() == 0) return std::nullopt;
  return Error(ErrorKind::engine, fmt::format("database {} is written to by the subscription {}",
                                              rows.text(0, 0), rows.text(0, 1)))
      .hint(fmt::format("in database {}: ALTER SUBSCRIPTION {} DISABLE;", rows.text(0, 0),
                        quote_identifier(rows.text(0, 1))));
}

/// Replication and extensions' workers: who closes them has them back at once. What kind another
/// user's process is, is hidden, but for those that replicate.
std::optional<Error> worked_on(Connection& connection, const std::string& condition) {
  const Result rows = connection.query(fmt::format(
      "SELECT a.datname, coalesce(a.backend_type, 'walsender'), a.pid, a.application_name "
      "FROM pg_catalog.pg_stat_activity a WHERE a.usesysid IS NOT NULL AND a.datname {} "
      "AND (a.backend_type NOT IN ('client backend', 'parallel worker') "
      "OR a.pid IN (SELECT pid FROM pg_catalog.pg_stat_replication))",
      condition));
  if (rows.rows() == 0) return std::nullopt;
  Error error(ErrorKind::busy,
              fmt::format("database {} is used by a process of the server", rows.text(0, 0)));
  for (int row = 0; row < rows.rows(); ++row) {
    error.cause(
        fmt::format("{} {} (pid {})", rows.text(row, 1), rows.text(row, 3), rows.text(row, 2)));
  }
  error.hint("stop what has started it, then try again");
  return error;
}

}  // namespace

std::vector<Error> obstacles(Connection& connection, const std::vector<std::string>& databases) {
  const std::string condition = is_one_of(databases);
  std::vector<Error> found;
  for (const auto look : {prepared, replicated, subscribed, worked_on}) {
    if (auto error = look(connection, condition)) found.push_back(*std::move(error));
  }
  return found;
}

void check_obstacles(Connection& connection, const std::vector<std::string>& databases) {
  const std::vector<Error> found = obstacles(connection, databases);
  if (!found.empty()) throw found.front();
}

}  // namespace quemsi::postgresql_engine
