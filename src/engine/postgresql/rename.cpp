// The server lets nobody in while it waits for those inside to go, but counts them only every
// 100 ms, so the way is cleared before. Who slips in between is put out from a second connection.
#include "engine/postgresql/rename.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// A rename that finds nobody in the database takes less.
constexpr std::chrono::milliseconds usual{20};
constexpr std::chrono::milliseconds between_pushes{5};

/// Fails unless no transaction has ended since: ours is not among those that a snapshot of its own
/// counts. Nobody can be in the databases any more.
std::string proof_of(const std::string& snapshot) {
  return fmt::format(
      "SELECT 1 / (pg_catalog.txid_current_snapshot()::pg_catalog.text = {})::pg_catalog.int4;",
      quote_literal(snapshot));
}

std::string statements(const Connection& connection, const Renames& renames,
                       const std::optional<std::string>& snapshot) {
  std::string sql = "BEGIN;";
  for (const auto& [from, to] : renames) {
    sql += fmt::format("ALTER DATABASE {} RENAME TO {};", quote_identifier(from),
                       quote_identifier(to));
  }
  if (snapshot) sql += proof_of(*snapshot);
  return sql +
         fmt::format(
             "SELECT pg_catalog.set_config('quemsi.renamed', pg_catalog.txid_current()::text, "
             "false), "
             "pg_catalog.set_config('quemsi.writes', {}, false);"
             "COMMIT; SELECT pg_catalog.current_setting('quemsi.renamed'), "
             "pg_catalog.txid_current_snapshot(), pg_catalog.current_setting('quemsi.writes')",
             count_of_writes(connection, renames.back().second));
}

/// Nobody gets in while the server waits: for at most this long at a time.
void limit_wait(Connection& connection, const WayClearer& way) {
  constexpr std::int64_t least = 150;
  const std::int64_t most = way.may_push() ? 2000 : 250;
  const std::int64_t limit = std::clamp<std::int64_t>(way.remaining().count(), least, most);
  connection.execute(
      fmt::format("SET statement_timeout = {}; SET lock_timeout = {}", limit, limit));
}

/// Whoever cannot be put out is waited for: what has become of the renames only the answer tells.
void push_until_ready(const Server& server, Connection& connection, WayClearer& way) {
  if (connection.ready_within(usual) || !way.may_push()) return;
  std::optional<Connection> second;
  do {
    try {
      if (!second) second.emplace(server.maintenance());
      way.push(*second);
    } catch (const Error&) {
      second.reset();
    }
  } while (!connection.ready_within(between_pushes));
}

using Oids = std::vector<std::optional<std::string>>;

/// What the databases are, whatever they are called.
Oids oids_of(Connection& connection, const Renames& renames) {
  Oids oids;
  oids.reserve(renames.size());
  for (const auto& [from, to] : renames) {
    const auto facts = find_database(connection, from);
    oids.push_back(facts ? std::optional(facts->oid) : std::nullopt);
  }
  return oids;
}

bool have_happened(Connection& connection, const Renames& renames, const Oids& oids) {
  for (std::size_t i = 0; i < renames.size(); ++i) {
    const auto now = find_database(connection, renames[i].second);
    if (!now || now->oid != oids[i]) return false;
  }
  return true;
}

/// By a session that was lost: it may be there still. False when that cannot be told.
bool have_happened_unseen(const Server& server, int pid, const Renames& renames, const Oids& oids) {
  try {
    Connection second = server.maintenance();
    end_process(second, pid, server.context().busy_timeout);
    return have_happened(second, renames, oids);
  } catch (const Error&) {
    return false;
  }
}

bool is_in_the_way(const Error& error) {
  return error.sqlstate() == sqlstate::in_use || error.sqlstate() == sqlstate::lock_timeout ||
         error.sqlstate() == sqlstate::cancelled || error.sqlstate() == "40P01";
}

}  // namespace

std::string count_of_writes(const Connection& connection, const std::string& database) {
  constexpr int first_that_tells_at_once = 150000;
  if (connection.version() < first_that_tells_at_once) return "''";
  return fmt::format(
      "(SELECT (tup_inserted + tup_updated + tup_deleted)::text FROM pg_catalog.pg_stat_database "
      "WHERE datname = {})",
      quote_literal(database));
}

void throw_changed(const std::string& database) {
  throw Error(ErrorKind::busy, "database " + database + " was written to in the meantime")
      .hint("run the command again");
}

Renamed rename_databases(const Server& server, Connection& connection, const Renames& renames,
                         const std::optional<std::string>& snapshot, WayClearer& way) {
  const Oids oids = oids_of(connection, renames);
  const int pid = connection.backend_pid();
  for (;;) {
    way.clear(connection);
    limit_wait(connection, way);
    try {
      connection.start(statements(connection, renames, snapshot));
      push_until_ready(server, connection, way);
      const Result row = connection.collect();
      return {row.int64(0, 0), row.str(0, 1), row.str(0, 2)};
    } catch (const Error& error) {
      if (!connection.alive()) {
        if (have_happened_unseen(server, pid, renames, oids)) return {};
        throw;
      }
      connection.execute("ROLLBACK");
      if (have_happened(connection, renames, oids)) return {};
      if (snapshot && error.sqlstate() == sqlstate::division_by_zero) {
        throw_changed(renames.front().first);
      }
      if (!is_in_the_way(error)) throw;
      if (way.remaining().count() == 0) throw way.busy(connection);
    }
  }
}

}  // namespace quemsi::postgresql_engine
