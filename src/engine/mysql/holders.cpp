#include "engine/mysql/holders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/common/row_hash.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int reader_places = 8;

/// As the server itself tells schemas apart.
std::string folded(Connection& connection, const std::string& schema) {
  return connection
      .query(fmt::format("SELECT IF(@@lower_case_table_names = 0, {0}, LOWER({0}))",
                         quote_literal(schema)))
      .str(0, 0);
}

/// A user-level lock that a reader holds: everybody may ask who has it.
std::string reader_lock(const std::string& folded_schema, int place) {
  return fmt::format("git-quemsi {:016x} {}", row_hash(folded_schema), place);
}

std::set<std::string> readers_of(Connection& connection, const std::vector<std::string>& schemas) {
  std::vector<std::string> asked;
  for (const std::string& schema : schemas) {
    const std::string name = folded(connection, schema);
    for (int place = 0; place < reader_places; ++place) {
      asked.push_back(
          fmt::format("SELECT IS_USED_LOCK({}) AS id", quote_literal(reader_lock(name, place))));
    }
  }
  const Result ids = connection.query(join(asked, " UNION "));
  std::set<std::string> readers;
  for (std::size_t i = 0; i < ids.rows(); ++i) readers.insert(ids.str(i, 0));
  readers.erase("");
  return readers;
}

std::string is_one_of(const std::vector<std::string>& schemas) {
  std::vector<std::string> quoted;
  quoted.reserve(schemas.size());
  for (const std::string& name : schemas) quoted.push_back(quote_literal(name));
  return fmt::format("IN ({})", join(quoted, ", "));
}

/// None where we may not ask that.
std::optional<Result> try_query(Connection& connection, const std::string& sql) {
  try {
    return connection.query(sql);
  } catch (const Error&) {
    if (connection.lost()) throw;
    return std::nullopt;
  }
}

/// Ids of the sessions that hold locks; none where the server does not tell.
std::optional<std::set<std::string>> lockers_of(Connection& connection,
                                                const std::vector<std::string>& schemas) {
  const std::string condition = is_one_of(schemas);
  auto found = try_query(
      connection,
      connection.is_mariadb()
          ? fmt::format("SELECT thread_id FROM information_schema.metadata_lock_info "
                        "WHERE table_schema {} AND table_name <> ''",
                        condition)
          : fmt::format("SELECT t.processlist_id FROM performance_schema.metadata_locks m JOIN "
                        "performance_schema.threads t ON t.thread_id = m.owner_thread_id "
                        "WHERE m.object_schema {} AND m.lock_status = 'GRANTED' "
                        "AND m.object_type = 'TABLE'",
                        condition));
  if (!found || found->rows() == 0) return std::nullopt;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < found->rows(); ++i) ids.insert(found->str(i, 0));
  return ids;
}

std::string program_of(Connection& connection, const std::string& id) {
  const auto name = try_query(
      connection, fmt::format("SELECT attr_value FROM performance_schema.session_connect_attrs "
                              "WHERE processlist_id = {} AND attr_name = 'program_name'",
                              id));
  return name && name->rows() > 0 ? name->str(0, 0) : std::string();
}

std::vector<Holder> sessions(Connection& connection, const std::string& condition) {
  const Result rows = connection.query(
      "SELECT id, user, host FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND "
      "command NOT IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID') AND " +
      condition + " ORDER BY id");
  std::vector<Holder> holders;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    holders.push_back({.id = rows.str(i, 0),
                       .user = rows.str(i, 1) + "@" + rows.str(i, 2),
                       .program = program_of(connection, rows.str(i, 0))});
  }
  return holders;
}

std::string suspicion(const std::optional<std::set<std::string>>& lockers,
                      const std::set<std::string>& readers,
                      const std::vector<std::string>& schemas) {
  std::vector<std::string> ids(readers.begin(), readers.end());
  if (lockers) ids.insert(ids.end(), lockers->begin(), lockers->end());
  const std::string known = ids.empty() ? "FALSE" : fmt::format("id IN ({})", join(ids, ","));
  if (lockers) return known;
  return fmt::format("({} OR (db {} AND COALESCE(state, '') NOT LIKE 'Waiting for%lock'))", known,
                     is_one_of(schemas));
}

/// Where the server does not tell who holds locks: sessions in other schemas that may.
std::vector<std::string> suspects(Connection& connection, const std::vector<std::string>& schemas,
                                  const std::set<std::string>& named) {
  std::vector<std::string> texts;
  if (lockers_of(connection, schemas)) return texts;
  const auto found = try_query(
      connection,
      fmt::format("SELECT p.id, p.user, p.host, COALESCE(p.db, ''), TIMESTAMPDIFF(SECOND, "
                  "t.trx_started, CONVERT_TZ(NOW(), @@time_zone, 'SYSTEM')) FROM "
                  "information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = "
                  "t.trx_mysql_thread_id WHERE NOT COALESCE(p.db {}, FALSE) ORDER BY p.id",
                  is_one_of(schemas)));
  for (std::size_t i = 0; found && i < found->rows(); ++i) {
    if (named.contains(found->str(i, 0))) continue;
    const Holder holder{.id = found->str(i, 0),
                        .user = found->str(i, 1) + "@" + found->str(i, 2),
                        .program = program_of(connection, found->str(i, 0))};
    const std::string& schema = found->str(i, 3);
    texts.push_back(fmt::format("perhaps by {}, in {}, with a transaction open for {} s",
                                describe(holder), schema.empty() ? "no schema" : "schema " + schema,
                                found->str(i, 4)));
  }
  return texts;
}

}  // namespace

std::vector<Holder> holders_of(Connection& connection, const std::vector<std::string>& schemas,
                               const std::set<std::string>& ourselves) {
  const std::set<std::string> readers = readers_of(connection, schemas);
  std::vector<Holder> holders =
      sessions(connection, suspicion(lockers_of(connection, schemas), readers, schemas));
  std::erase_if(holders, [&](const Holder& holder) { return ourselves.contains(holder.id); });
  for (Holder& holder : holders) holder.ours = readers.contains(holder.id);
  return holders;
}

std::vector<Holder> users_of(Connection& connection, const std::string& schema) {
  return sessions(connection, "db = " + quote_literal(schema));
}

std::string describe(const Holder& holder) {
  return fmt::format("{}connection {} of user {}",
                     holder.program.empty() ? std::string() : holder.program + ", ", holder.id,
                     holder.user);
}

void announce_reader(Connection& connection, const std::string& schema) {
  const std::string name = folded(connection, schema);
  for (int place = 0; place < reader_places; ++place) {
    const Result got = connection.query(
        fmt::format("SELECT GET_LOCK({}, 0)", quote_literal(reader_lock(name, place))));
    if (got.str(0, 0) == "1") return;
  }
}

bool is_being_read(Connection& connection, const std::string& schema) {
  return !readers_of(connection, {schema}).empty();
}

WayClearer::WayClearer(const Server& server, std::vector<std::string> schemas,
                       std::set<std::string> ourselves, ConnectionPolicy policy)
    : server_(server),
      schemas_(std::move(schemas)),
      ourselves_(std::move(ourselves)),
      policy_(policy),
      deadline_(Clock::now() + server.context().busy_timeout) {}

std::chrono::milliseconds WayClearer::remaining() const {
  if (policy_ == ConnectionPolicy::refuse) return std::chrono::milliseconds(0);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
  return std::max(left, std::chrono::milliseconds(0));
}

void WayClearer::push(Connection& connection) {
  if (policy_ != ConnectionPolicy::terminate) return;
  for (const Holder& holder : holders_of(connection, schemas_, ourselves_)) {
    if (!holder.ours && asked_.insert(holder.id).second) close(connection, holder);
  }
}

void WayClearer::close(Connection& connection, const Holder& holder) {
  try {
    connection.execute("KILL CONNECTION " + holder.id);
    closed_.push_back(describe(holder));
  } catch (const Error&) {
    // Gone by itself, or not ours to close: who is still in the way is named in the end.
    if (connection.lost()) throw;
  }
}

Error WayClearer::busy(Connection& connection) const {
  const std::vector<Holder> holders = holders_of(connection, schemas_, ourselves_);
  const bool ours = !holders.empty() && std::ranges::all_of(holders, &Holder::ours);
  Error error(ErrorKind::busy, ours ? fmt::format("{} is still being read or copied", schemas_[0])
                                    : fmt::format("tables of {} are in use", schemas_[0]));
  for (const Holder& holder : holders) error.cause(describe(holder));
  if (ours) return error.hint("try again when git quemsi status shows no background work");
  std::set<std::string> named = ourselves_;
  for (const Holder& holder : holders) named.insert(holder.id);
  const auto others = suspects(connection, schemas_, named);
  for (const std::string& other : others) error.cause(other);
  if (holders.empty() && others.empty()) {
    error.cause("by a session that this user may not see")
        .hint("as an administrator, to see whose it is: GRANT PROCESS ON *.* TO this user");
  }
  return error.hint("end these transactions, or close these connections, then try again");
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
                             schemas_[0], join(closed_, ", "), rest));
  closed_.clear();
}

}  // namespace quemsi::mysql_engine
