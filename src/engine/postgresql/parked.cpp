#include "engine/postgresql/parked.hpp"

#include <fmt/format.h>

#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/properties.hpp"
#include "engine/postgresql/unlogged.hpp"
#include "engine/postgresql/watched.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// Up to here the server copies block by block through its log, which needs no checkpoint.
constexpr std::uint64_t small_bytes = std::uint64_t{64} << 20;

/// Which way of copying is the fastest; a server that may share blocks between files does so.
std::string strategy(Connection& connection, std::uint64_t bytes) {
  if (connection.version() < 150000) return "";
  if (bytes < small_bytes) return " STRATEGY wal_log";
  if (connection.version() >= 180000) {
    connection.query(
        "SELECT pg_catalog.set_config(name, 'clone', false) FROM pg_catalog.pg_settings "
        "WHERE name = 'file_copy_method' AND 'clone' = ANY (enumvals)");
  }
  return " STRATEGY file_copy";
}

/// The second code: somebody took the name while the server made ours.
bool is_taken(const Error& error) {
  return error.sqlstate() == sqlstate::duplicate_database ||
         error.sqlstate() == sqlstate::duplicate_key;
}

std::string create_statement(const std::string& database) {
  return "CREATE DATABASE " + quote_identifier(database) + " ";
}

/// Whatever the publisher keeps for it stays: it may be another copy's by now.
void drop_subscription(Connection& inside, std::string_view name) {
  const std::string quoted = quote_identifier(name);
  const std::vector<std::string> statements{
      fmt::format("ALTER SUBSCRIPTION {} DISABLE", quoted),
      fmt::format("ALTER SUBSCRIPTION {} SET (slot_name = NONE)", quoted),
      fmt::format("DROP SUBSCRIPTION {}", quoted)};
  try {
    for (const std::string& statement : statements) inside.execute(statement);
  } catch (Error& error) {
    if (error.sqlstate() != sqlstate::no_privilege) throw;
    throw error.hint(fmt::format("as a superuser, in database {}: {};", inside.database(),
                                 join(statements, "; ")));
  }
}

/// A database cannot go as long as it subscribes to something, enabled or not.
void drop_subscriptions(const Server& server, Connection& connection, const std::string& name) {
  const Result rows = connection.query(
      "SELECT s.subname, s.subslotname FROM pg_catalog.pg_subscription s "
      "JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname::text = $1",
      name);
  if (rows.rows() == 0) return;
  Connection inside = server.connect(name);
  for (int row = 0; row < rows.rows(); ++row) {
    drop_subscription(inside, rows.text(row, 0));
    if (rows.is_null(row, 1)) continue;
    server.notice(
        fmt::format("dropped subscription {} with the parked copy {}: if no other database "
                    "needs it, drop the slot {} on its publisher",
                    rows.text(row, 0), name, rows.text(row, 1)));
  }
}

/// Whoever reads a copy that is to go does not keep it.
void drop_database(const Server& server, Connection& connection, const std::string& name) {
  constexpr int first_with_force = 130000;
  const auto facts = find_database(connection, name);
  if (!facts) return;
  const std::string quoted = quote_identifier(name);
  if (facts->is_template)
    connection.execute(fmt::format("ALTER DATABASE {} IS_TEMPLATE false", quoted));
  if (facts->is_valid) drop_subscriptions(server, connection, name);
  const bool forces = connection.version() >= first_with_force;
  if (!forces) WayClearer(server, {name}, ConnectionPolicy::terminate).clear(connection);
  connection.execute("DROP DATABASE IF EXISTS " + quoted + (forces ? " WITH (FORCE)" : ""));
}

}  // namespace

ParkedDraft::ParkedDraft(const Server& server, const ParkedRegistry& registry,
                         Connection& connection, ParkedName name)
    : server_(server),
      registry_(registry),
      name_(std::move(name)),
      identity_(server_identity(connection, server.info())),
      note_(parking_note(connection)) {
  if (find_database(connection, name_.str())) {
    throw Error(ErrorKind::engine, "the parked copy " + name_.str() + " exists");
  }
  registry_.mark_draft(name_, identity_);
}

ParkedDraft::ParkedDraft(const Server& server, const ParkedRegistry& registry,
                         Connection& connection, ParkedName name, const std::string& options,
                         Progress& progress)
    : ParkedDraft(server, registry, connection, std::move(name)) {
  try {
    run_watched(connection, create_statement(name_.str()) + options, progress);
  } catch (const Error& error) {
    if (is_taken(error)) give_up();
    throw;
  }
}

ParkedDraft::~ParkedDraft() {
  if (kept_) return;
  try {
    drop_parked(server_, registry_, name_);
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): its marker stays, and says so
  }
}

void ParkedDraft::keep() {
  registry_.write_note(name_.str(), note_);
  registry_.mark(name_, identity_);
  kept_ = true;
}

void ParkedDraft::give_up() {
  registry_.unmark(name_);
  kept_ = true;
}

std::vector<ParkedInfo> list_parked(const Server& server, const ParkedRegistry& registry) {
  Loan loan = server.borrow();
  std::vector<ParkedInfo> found;
  for (const ParkedName& name : registry.marked(server_identity(loan.get(), server.info()))) {
    const auto facts = find_database(loan.get(), name.str(), true);
    if (!facts || !facts->is_valid || was_emptied(loan.get(), server, registry, name)) continue;
    found.push_back({name, facts->bytes});
  }
  return found;
}

void check_parked(Connection& connection, const Server& server, const ParkedRegistry& registry,
                  const ParkedName& name) {
  const bool ours = registry.is_marked(name, server_identity(connection, server.info()));
  const auto facts = ours ? find_database(connection, name.str()) : std::nullopt;
  if (!facts) throw Error(ErrorKind::engine, "there is no parked copy " + name.str());
  if (facts->is_valid) return;
  throw Error(ErrorKind::engine, "the parked copy " + name.str() + " was dropped half-way");
}

void unmark_if_missing(Connection& connection, const ParkedRegistry& registry,
                       const ParkedName& name) noexcept {
  try {
    if (!find_database(connection, name.str())) registry.unmark(name);
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): alone, a marker means nothing
  }
}

void drop_parked(const Server& server, const ParkedRegistry& registry, const ParkedName& name) {
  Connection connection = server.maintenance();
  const std::string identity = server_identity(connection, server.info());
  if (!registry.is_marked(name, identity) && !registry.is_draft(name, identity)) return;
  end_statement(connection, create_statement(name.str()), server.context().busy_timeout);
  drop_database(server, connection, name.str());
  registry.unmark(name);
}

void clone_parked(const Server& server, const ParkedRegistry& registry, const ParkedName& from,
                  const ParkedName& to, Progress& progress) {
  Connection connection = server.maintenance();
  check_whole(connection, server, registry, from);
  const DatabaseFacts facts = find_database(connection, from.str(), true).value();
  const Properties properties = read_properties(connection, from.str());
  WayClearer way(server, {from.str()});
  way.clear(connection);
  way.report();
  progress.begin("copying " + from.str(), facts.bytes);
  ParkedDraft draft(
      server, registry, connection, to,
      fmt::format("TEMPLATE {} OWNER {}{}", quote_identifier(from.str()),
                  quote_identifier(properties.owner), strategy(connection, facts.bytes)),
      progress);
  for (const std::string& lost : apply_properties(connection, to.str(), properties)) {
    server.notice(lost);
  }
  draft.keep();
  progress.end();
}

}  // namespace quemsi::postgresql_engine
