#include "engine/postgresql/holders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::microseconds glance{500};

std::string literals(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  quoted.reserve(texts.size());
  for (const std::string& text : texts) quoted.push_back(quote_literal(text));
  return join(quoted, ", ");
}

/// What kind another user's process is, is hidden. Whom we may end, as pg_terminate_backend() has
/// it.
constexpr const char* holder_facts =
    "a.application_name, a.usename, a.backend_type IS NULL, "
    "EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.oid = a.usesysid AND r.rolsuper), "
    "EXISTS (SELECT FROM pg_catalog.pg_roles r, pg_catalog.pg_roles me "
    "WHERE r.oid = a.usesysid AND me.rolname = current_user AND (me.rolsuper OR NOT r.rolsuper "
    "AND (pg_catalog.pg_has_role(r.oid, 'USAGE') "
    "OR pg_catalog.pg_has_role('pg_signal_backend', 'USAGE'))))";

std::string name_of(const std::string& application_name, bool is_hidden) {
  if (!application_name.empty()) return application_name;
  return is_hidden ? "unnamed application or background worker" : "unnamed application";
}

/// Of process, database, and `holder_facts`.
std::vector<Holder> holders_from(const Result& rows) {
  std::vector<Holder> holders;
  for (int row = 0; row < rows.rows(); ++row) {
    const std::string name = rows.str(row, 2);
    holders.push_back({.pid = rows.str(row, 0),
                       .database = rows.str(row, 1),
                       .application = name_of(name, rows.boolean(row, 4)),
                       .user = rows.str(row, 3),
                       .ours = name.starts_with(application),
                       .of_superuser = rows.boolean(row, 5),
                       .may_be_ended = rows.boolean(row, 6)});
  }
  return holders;
}

/// Who copies, renames or drops one of the databases is not in it.
std::vector<Holder> lockers_of(Connection& connection, const std::vector<std::string>& databases) {
  return holders_from(connection.query(
      fmt::format("SELECT DISTINCT l.pid, d.datname, {} "
                  "FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.objid "
                  "JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
                  "WHERE l.locktype = 'object' AND l.classid = 'pg_catalog.pg_database'::regclass "
                  "AND l.granted AND l.pid <> pg_catalog.pg_backend_pid() AND d.datname IN ({})",
                  holder_facts, literals(databases))));
}

void end_sessions(Connection& connection, const std::string& which, const std::string& what,
                  std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  const std::string sql =
      "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity "
      "WHERE pid <> pg_catalog.pg_backend_pid() AND " +
      which;
  while (connection.query(sql).rows() > 0) {
    if (Clock::now() > deadline) {
      throw Error(ErrorKind::busy, what + " does not end").hint("try again in a moment");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::string describe(const Holder& holder) {
  return fmt::format("{} (pid {}) of user {}, in database {}", holder.application, holder.pid,
                     holder.user, holder.database);
}

}  // namespace

std::vector<Holder> holders_of(Connection& connection, const std::vector<std::string>& databases) {
  // Without a user it is a worker of autovacuum.
  return holders_from(connection.query(
      fmt::format("SELECT a.pid, a.datname, {} "
                  "FROM pg_catalog.pg_stat_activity a WHERE a.datname IN ({}) "
                  "AND a.pid <> pg_catalog.pg_backend_pid() AND a.usesysid IS NOT NULL "
                  "ORDER BY a.backend_start",
                  holder_facts, literals(databases))));
}

std::vector<Holder> blockers_of(Connection& connection, int pid) {
  return holders_from(connection.query(
      fmt::format("SELECT a.pid, a.datname, {} "
                  "FROM pg_catalog.pg_stat_activity a WHERE a.usesysid IS NOT NULL "
                  "AND a.pid = ANY (pg_catalog.pg_blocking_pids($1::int)) ORDER BY a.backend_start",
                  holder_facts),
      pid));
}

void end_session(Connection& connection, const std::string& name, const std::string& database,
                 std::chrono::milliseconds limit) {
  const std::string which = "application_name = " + quote_literal(name);
  end_sessions(connection, which, "an interrupted exchange of " + database, limit);
}

void end_statement(Connection& connection, const std::string& beginning,
                   std::chrono::milliseconds limit) {
  const std::string which = fmt::format(
      "application_name = {} AND state = 'active' AND pg_catalog.starts_with(query, {})",
      quote_literal(application), quote_literal(beginning));
  end_sessions(connection, which, "an interrupted " + beginning, limit);
}

void end_process(Connection& connection, int pid, std::chrono::milliseconds limit) {
  const std::string which = fmt::format("pid = {} AND pg_catalog.starts_with(application_name, {})",
                                        pid, quote_literal(application));
  end_sessions(connection, which, "a session of ours that was lost", limit);
}

WayClearer::WayClearer(const Server& server, std::vector<std::string> databases,
                       ConnectionPolicy policy)
    : WayClearer(server, databases, policy, [databases](Connection& connection) {
        return holders_of(connection, databases);
      }) {}

WayClearer::WayClearer(const Server& server, std::vector<std::string> databases,
                       ConnectionPolicy policy, Find find)
    : server_(server),
      databases_(std::move(databases)),
      policy_(policy),
      find_(std::move(find)),
      deadline_(Clock::now() + server.context().busy_timeout) {}

std::chrono::milliseconds WayClearer::remaining() const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

void WayClearer::clear(Connection& connection) {
  for (;;) {
    const std::vector<Holder> holders = find_(connection);
    for (const Holder& holder : holders) seen_.insert(holder.pid);
    if (holders.empty() && !still_leaving(connection)) return;
    const bool foreign = std::ranges::any_of(holders, [](const Holder& h) { return !h.ours; });
    const bool refused = foreign && policy_ == ConnectionPolicy::refuse;
    if (refused || remaining().count() == 0) throw busy(connection);
    push(connection);
    std::this_thread::sleep_for(glance);
  }
}

/// A process stops to be listed before it is out of the database, and a rename that finds it there
/// waits for 100 ms. To cancel what is no process any more says so; what leaves does not mind.
bool WayClearer::still_leaving(Connection& connection) const {
  if (seen_.empty()) return false;
  const std::vector<std::string> pids(seen_.begin(), seen_.end());
  return connection
      .query(fmt::format("SELECT bool_or(pg_catalog.pg_cancel_backend(s.pid)) "
                         "FROM unnest('{{{}}}'::int[]) AS s(pid) WHERE NOT EXISTS "
                         "(SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = s.pid)",
                         join(pids, ",")))
      .boolean(0, 0);
}

void WayClearer::push(Connection& connection) {
  if (!may_push()) return;
  std::vector<Holder> holders = find_(connection);
  std::erase_if(holders, [](const Holder& holder) { return holder.ours; });
  const auto others = std::ranges::stable_partition(
      holders, [](const Holder& holder) { return !holder.may_be_ended; });
  for (auto it = holders.begin(); it != others.begin(); ++it) close(connection, *it);
  // Nobody is closed in vain.
  if (std::ranges::any_of(holders, [&](const Holder& h) { return refused(h); })) return;
  for (const Holder& holder : others) close(connection, holder);
}

void WayClearer::close(Connection& connection, const Holder& holder) {
  if (!asked_.insert(holder.pid).second) return;
  try {
    const Result done =
        connection.query("SELECT pg_catalog.pg_terminate_backend($1::int)", holder.pid);
    if (done.boolean(0, 0)) {
      closed_.push_back(fmt::format("{} (pid {})", holder.application, holder.pid));
    }
  } catch (const Error& error) {
    if (error.sqlstate() != sqlstate::no_privilege) throw;
    refused_.insert(holder.pid);
  }
}

Error WayClearer::busy(Connection& connection) const {
  std::vector<Holder> holders = find_(connection);
  const std::vector<Holder> lockers = lockers_of(connection, databases_);
  holders.insert(holders.end(), lockers.begin(), lockers.end());
  const bool ours = !holders.empty() && std::ranges::all_of(holders, &Holder::ours);
  Error error(ErrorKind::busy, ours ? fmt::format("{} is still being read or copied", databases_[0])
                                    : fmt::format("database {} is in use", databases_[0]));
  std::set<std::string> told;
  for (const Holder& holder : holders) {
    if (told.insert(holder.pid).second) error.cause(describe(holder));
  }
  if (ours) return error.hint("try again when git quemsi status shows no background work");
  hint_at_rights(holders, error);
  return error.hint("close these connections, then try again");
}

/// A superuser's process only a superuser can end.
void WayClearer::hint_at_rights(const std::vector<Holder>& holders, Error& error) const {
  std::set<std::string> of_superusers;
  bool others = false;
  for (const Holder& holder : holders) {
    if (!refused(holder)) continue;
    if (holder.of_superuser) of_superusers.insert(holder.pid);
    others = others || !holder.of_superuser;
  }
  for (const std::string& pid : of_superusers) {
    error.hint(
        fmt::format("as a superuser: SELECT pg_terminate_backend({}); if it comes back, it is "
                    "an extension's background worker: stop what starts it",
                    pid));
  }
  if (!others) return;
  error.hint(fmt::format("as a superuser: GRANT pg_signal_backend TO {};",
                         quote_identifier(server_.info().user())));
}

void WayClearer::report() {
  constexpr std::size_t most = 5;
  if (closed_.empty()) return;
  const std::size_t count = closed_.size();
  std::string rest;
  if (count > most) {
    rest = fmt::format(" and {} more", count - most);
    closed_.resize(most);
  }
  server_.notice(fmt::format("closed {} connection{} to {}: {}{}", count, count == 1 ? "" : "s",
                             databases_[0], join(closed_, ", "), rest));
  closed_.clear();
}

}  // namespace quemsi::postgresql_engine
