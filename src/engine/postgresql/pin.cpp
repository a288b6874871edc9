#include "engine/postgresql/pin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/postgresql/definitions.hpp"
#include "engine/postgresql/token.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

using Clock = std::chrono::steady_clock;

std::string lock_statements(const std::vector<Relation>& relations) {
  constexpr std::size_t batch = 500;
  std::string sql;
  for (std::size_t i = 0; i < relations.size(); ++i) {
    sql += i % batch == 0 ? "LOCK TABLE ONLY " : ", ONLY ";
    sql += relations[i].name;
    if (i % batch == batch - 1 || i + 1 == relations.size()) sql += " IN ACCESS SHARE MODE;";
  }
  return sql;
}

void set_lock_timeout(Connection& connection, std::chrono::milliseconds limit) {
  connection.execute(
      fmt::format("SET lock_timeout = {}", std::max<std::int64_t>(1, limit.count())));
}

/// Who holds a table of this database so that it cannot even be read.
void add_holders(const Server& server, const std::string& database, Error& error) {
  Connection connection = server.connect(database);
  const Result holders = connection.query(
      "SELECT DISTINCT a.pid, a.application_name, a.usename, l.relation::regclass "
      "FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
      "JOIN pg_database d ON d.oid = l.database AND d.datname = current_database() "
      "WHERE l.mode = 'AccessExclusiveLock' AND l.granted AND l.locktype = 'relation' "
      "AND l.pid <> pg_backend_pid()");
  for (int row = 0; row < holders.rows(); ++row) {
    error.cause(fmt::format("{} is locked by process {} ({}), user {}", holders.text(row, 3),
                            holders.text(row, 0), holders.text(row, 1), holders.text(row, 2)));
  }
}

Error locked(const Server& server, const std::string& database) {
  Error error(ErrorKind::busy, fmt::format("tables of the database {} are locked", database));
  add_holders(server, database, error);
  return error.hint("try again when that is done");
}

Error overtaken(const std::string& definition) {
  return Error(ErrorKind::engine, "the database's schema was changed while it was being read")
      .cause(definition + " is no longer what it was")
      .hint("let migrations wait until `git quemsi status` shows nothing that is being read");
}

std::uint64_t database_size(Connection& connection) {
  return static_cast<std::uint64_t>(
      connection.query("SELECT pg_database_size(current_database())").int64(0, 0));
}

}  // namespace

std::unique_ptr<Pin> Pin::open(const Server& server, const std::string& database, Content content) {
  const auto deadline = Clock::now() + server.context().busy_timeout;
  for (;;) {
    std::unique_ptr<Pin> pin(new Pin(server, database, content));
    if (pin->try_hold(server)) return pin;
    pin.reset();
    if (Clock::now() > deadline) throw locked(server, database);
  }
}

Pin::Pin(const Server& server, const std::string& database, Content content)
    : content_(content),
      info_(server.info().to(database)),
      leader_(server.connect(database, reader_application)) {}

bool Pin::try_hold(const Server& server) {
  const std::vector<Relation> relations = read_relations(leader_);
  if (!lock(server, relations)) return false;
  if (content_ == Content::all) captured_.token = token_of_transaction(leader_);
  if (read_relations(leader_) != relations) return false;
  const std::string snapshot = leader_.query("SELECT pg_export_snapshot()").str(0, 0);
  dump_.emplace(server, leader_, snapshot, content_);
  if (content_ == Content::all) {
    if (!open_helper(server, snapshot, relations)) return false;
    sequences_ = read_sequences(leader_);
    captured_.bytes = database_size(leader_);
  }
  return wait_for_locks(relations) && wait_for_definitions();
}

bool Pin::lock(const Server& server, const std::vector<Relation>& relations) {
  set_lock_timeout(leader_, server.context().busy_timeout);
  try {
    leader_.execute("BEGIN ISOLATION LEVEL REPEATABLE READ;" + lock_statements(relations));
  } catch (const Error& error) {
    if (error.sqlstate() == sqlstate::lock_timeout) throw locked(server, leader_.database());
    if (error.sqlstate() != sqlstate::undefined_table) throw;
    return false;
  }
  // Only now is the snapshot taken: what the locks cover cannot have changed under it.
  hold_enums(leader_);
  leader_.execute("SET TRANSACTION READ ONLY; SET LOCAL cursor_tuple_fraction = 0.001");
  return true;
}

bool Pin::open_helper(const Server& server, const std::string& snapshot,
                      const std::vector<Relation>& relations) {
  // Nobody holds what the leader has got; a wait means that somebody waits for the leader.
  constexpr std::chrono::milliseconds moment{50};
  helper_.emplace(server.connect(leader_.database(), reader_application));
  set_lock_timeout(*helper_, moment);
  try {
    helper_->execute(
        fmt::format("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT {};",
                    quote_literal(snapshot)) +
        lock_statements(relations));
  } catch (const Error& error) {
    if (error.sqlstate() != sqlstate::lock_timeout) throw;
    return false;
  }
  return true;
}

/// pg_dump locks tables in order of their OIDs, those of extensions not. Where it locks none, only
/// its end tells that it could read.
bool Pin::wait_for_locks(const std::vector<Relation>& relations) {
  const auto own =
      std::ranges::find(relations.rbegin(), relations.rend(), false, &Relation::of_extension);
  const std::string last = own == relations.rend() ? "0" : own->oid;
  while (!dump_->ends_within(std::chrono::seconds(0))) {
    leader_.execute("SELECT pg_stat_clear_snapshot()");
    const Result state = leader_.query(
        "SELECT a.pid, EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.granted AND "
        "  l.locktype = 'relation' AND l.relation = $2::oid), "
        "  cardinality(pg_blocking_pids(a.pid)) > 0 "
        "FROM pg_stat_activity a WHERE a.application_name = $1",
        dump_->application_name(), last);
    if (state.rows() > 0 && state.boolean(0, 1)) return true;
    if (state.rows() > 0 && state.boolean(0, 2)) {
      leader_.query("SELECT pg_terminate_backend($1::int)", state.text(0, 0));
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  dump_->wait();
  return true;
}

/// Nobody could lock them for pg_dump: who waits to change a view would stop it. So most often it
/// has ended before anybody else goes on; one that takes longer is checked once it has.
bool Pin::wait_for_definitions() {
  constexpr std::chrono::seconds longest{1};
  if (!has_definitions(leader_) || !dump_->ends_within(longest)) return true;
  return !changed_definition(read_definitions(leader_), dump_->definitions());
}

const SplitScript& Pin::schema() {
  if (!schema_) {
    const auto changed = changed_definition(read_definitions(leader_), dump_->definitions());
    if (changed) throw overtaken(*changed);
    schema_ = dump_->script();
  }
  return *schema_;
}

void Pin::check_rows() {
  const Definitions types = read_types(leader_);
  if (types.empty()) return;
  Connection connection =
      Connection::open(info_.with_password(leader_.password()), reader_application);
  const auto changed = changed_type(types, read_types(connection));
  if (changed) throw overtaken(*changed);
}

}  // namespace quemsi::postgresql_engine
