#include "engine/postgresql/in_place/live_hold.hpp"

#include <fmt/format.h>

#include <set>

#include "engine/postgresql/in_place/catalog_print.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// What finds nobody in its way takes less.
constexpr std::chrono::milliseconds usual{20};
constexpr std::chrono::milliseconds glance{5};

std::vector<BuildSession> one_session(Connection connection) {
  std::vector<BuildSession> sessions;
  sessions.emplace_back(std::move(connection));
  return sessions;
}

/// Readers and pg_dump go on; whoever locks rows or writes does not.
std::string lock_statement(const std::vector<Relation>& relations) {
  std::vector<std::string> names;
  names.reserve(relations.size());
  for (const Relation& relation : relations) names.push_back("ONLY " + relation.name);
  return "LOCK TABLE " + join(names, ", ") + " IN EXCLUSIVE MODE";
}

/// Says again what is so already: that takes the weakest lock which keeps nextval() out.
constexpr const char* sequences_to_lock = R"(
  SELECT format('ALTER SEQUENCE %I.%I CACHE %s;', n.nspname, c.relname, s.seqcache)
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\_%'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                    AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY c.oid)";

/// What an administrator's extension keeps as configuration is neither locked nor dropped.
std::vector<Relation> own_relations(Connection& connection) {
  const Result rows = connection.query(
      "SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND pg_has_role(relowner, 'USAGE')");
  std::set<std::string> own;
  for (int row = 0; row < rows.rows(); ++row) own.insert(rows.str(row, 0));
  std::vector<Relation> relations = read_relations(connection);
  std::erase_if(relations, [&](const Relation& relation) { return !own.contains(relation.oid); });
  return relations;
}

bool is_in_the_way(const Error& error) {
  return error.sqlstate() == "40P01" || error.sqlstate() == sqlstate::lock_timeout;
}

}  // namespace

LiveHold::LiveHold(const Server& server, const std::string& name, ConnectionPolicy policy)
    : server_(server),
      policy_(policy),
      observer_(server.connect(server.live())),
      sessions_(one_session(server.connect(server.live(), name))),
      pid_(connection().backend_pid()),
      transaction_(connection()),
      way_(new_way()) {}

WayClearer LiveHold::new_way() const {
  const int pid = pid_;
  return {server_, {server_.live()}, policy_, [pid](Connection& connection) {
            return blockers_of(connection, pid);
          }};
}

void LiveHold::lock_tables() {
  std::vector<Relation> relations = own_relations(connection());
  while (relations != locked_) {
    if (!relations.empty()) run(lock_statement(relations));
    locked_ = std::move(relations);
    relations = own_relations(connection());
  }
}

void LiveHold::lock_sequences() {
  const std::vector<std::string> statements = statements_of(connection(), sequences_to_lock);
  if (!statements.empty()) run(join(statements, ""));
}

void LiveHold::run(const std::string& sql) {
  connection().start(sql);
  if (!connection().ready_within(usual)) wait();
  try {
    connection().collect();
  } catch (const Error& error) {
    if (!is_in_the_way(error)) throw;
    throw way_.busy(observer_);
  }
}

void LiveHold::wait() {
  WayClearer patience = new_way();
  while (!connection().ready_within(glance)) {
    way_.push(observer_);
    const bool over = patience.remaining().count() == 0 || !way_.may_wait();
    if (over && is_blocked()) give_up();
  }
}

void LiveHold::give_up() {
  const Error busy = way_.busy(observer_);
  connection().cancel();
  try {
    connection().collect();
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): that it was cancelled
  }
  throw busy;
}

bool LiveHold::is_blocked() {
  return observer_
      .query("SELECT pg_catalog.cardinality(pg_catalog.pg_blocking_pids($1::int)) > 0", pid_)
      .boolean(0, 0);
}

void LiveHold::commit() {
  connection().execute("SET LOCAL synchronous_commit = on");
  transaction_.commit();
}

}  // namespace quemsi::postgresql_engine
