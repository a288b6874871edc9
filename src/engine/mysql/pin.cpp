#include "engine/mysql/pin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/mysql/history.hpp"
#include "engine/mysql/holders.hpp"
#include "engine/mysql/kept.hpp"
#include "engine/mysql/privileges.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* begin_snapshot = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

Error locked(const Server& server, const std::string& schema) {
  Error error(ErrorKind::busy, fmt::format("tables of {} are locked", schema));
  Connection connection = server.connect();
  for (const Holder& holder : holders_of(connection, {schema}, {})) error.cause(describe(holder));
  return error.hint("try again when that is done");
}

}  // namespace

std::unique_ptr<Pin> Pin::open(const Server& server, const std::string& schema, Content content) {
  const auto deadline = Clock::now() + server.context().busy_timeout;
  for (;;) {
    std::unique_ptr<Pin> pin(new Pin(server, schema, content));
    if (pin->try_hold(server)) return pin;
    pin.reset();
    if (Clock::now() > deadline) throw locked(server, schema);
  }
}

Pin::Pin(const Server& server, std::string schema, Content content)
    : schema_(std::move(schema)), content_(content), leader_(server.connect()) {
  if (!find_schema(leader_, schema_)) {
    throw Error(ErrorKind::engine,
                "there is no schema " + schema_ + " on " + server.info().server());
  }
  announce_reader(leader_, schema_);
}

bool Pin::try_hold(const Server& server) {
  set_lock_timeout(leader_, server.context().busy_timeout);
  shape_ = read_shape(leader_, schema_);
  if (content_ == Content::schema) {
    definitions_ = read_definitions(leader_, schema_, shape_.tables, server.live());
    shape_.objects = complete(leader_, server.registry(), schema_, shape_.objects);
    return true;
  }
  captured_.bytes = schema_bytes(leader_, schema_);
  if (!leader_.is_mariadb()) prepare_proof(server);
  helper_.emplace(server.connect());
  announce_reader(*helper_, schema_);
  set_lock_timeout(*helper_, server.context().busy_timeout);
  if (!take_snapshots(server)) helper_.reset();
  try {
    hold(leader_, server);
    if (helper_) hold(*helper_, server);
  } catch (const Error&) {
    const unsigned error = std::max(leader_.error_code(), helper_ ? helper_->error_code() : 0U);
    if (error != code::no_table && error != code::definition_changed) throw;
    return false;
  }
  // Only what the locks cover is known to be what it was.
  if (read_shape(leader_, schema_) != shape_) return false;
  definitions_ = read_definitions(leader_, schema_, shape_.tables, server.live());
  tables_ = read_catalog(leader_, schema_, shape_.tables);
  if (proof_) captured_.token = token_of(leader_, *proof_, schema_, shape_);
  shape_.objects = complete(leader_, server.registry(), schema_, shape_.objects);
  tell_of_others(server);
  return true;
}

/// What keeps tables from being opened will keep them from being held.
void Pin::prepare_proof(const Server& server) {
  try {
    open_tables(leader_, schema_, shape_.tables);
  } catch (const Error&) {
    if (leader_.lost()) throw;
  }
  set_lock_timeout(leader_, server.context().busy_timeout);
}

/// True when both sessions see the same.
bool Pin::take_snapshots(const Server& server) {
  return take_at_one_position() || (gains_by_two() && take_under_lock(server));
}

/// There is proof when no statement was under way before.
bool Pin::take_at_one_position() {
  constexpr int tries = 20;
  for (int i = 0; i < tries; ++i) {
    const auto before = read_position(leader_);
    leader_.execute(begin_snapshot);
    if (!before) return false;
    helper_->execute(begin_snapshot);
    const auto after = read_position(leader_);
    const bool same = before == after;
    if (same && before->is_quiet) {
      proof_ = before;
      return true;
    }
    if (i + 1 < tries) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

/// Little is read before two would have begun.
bool Pin::gains_by_two() const {
  constexpr std::uint64_t little = std::uint64_t{1} << 20;
  return shape_.tables.size() > 1 && captured_.bytes >= little;
}

/// Gives no proof: transactions that are open may have the ids that they will end with.
bool Pin::take_under_lock(const Server& server) {
  constexpr std::chrono::milliseconds longest{1000};
  std::optional<ReadLock> lock;
  try {
    lock.emplace(server);
    const LockOutcome outcome = lock->take(std::min(longest, server.context().busy_timeout));
    if (outcome != LockOutcome::held) {
      remember_one_reader(server, outcome);
      return false;
    }
  } catch (const Error&) {
    return false;  // One session is enough.
  }
  leader_.execute(begin_snapshot);
  helper_->execute(begin_snapshot);
  return lock->release();
}

void Pin::remember_one_reader(const Server& server, LockOutcome why) {
  const std::string reason = why == LockOutcome::not_allowed
                                 ? fmt::format("; as an administrator: GRANT {} ON *.* TO {};",
                                               lock_privilege(leader_), grantee(leader_))
                                 : std::string(": their statements take too long to be waited for");
  server.once().remember(
      once::one_reader,
      fmt::format("while others use the server, {} is read by one connection, not by two{}",
                  server.live(), reason));
}

void Pin::hold(Connection& connection, const Server& server) {
  for (const TableEntry& table : shape_.tables) {
    try {
      connection.execute(fmt::format("SELECT 1 FROM {} LIMIT 1", qualified(schema_, table.name)));
    } catch (const Error&) {
      if (connection.error_code() == code::lock_timeout) throw locked(server, schema_);
      throw;
    }
  }
}

void Pin::tell_of_others(const Server& server) {
  const auto timeless = tables_without_times(leader_, schema_, shape_.tables);
  if (!timeless.empty()) {
    server.notice(
        fmt::format("of tables whose history counts by transactions, the rows of now are "
                    "kept only: {}",
                    join(timeless, ", ")));
  }
  std::vector<std::string> others;
  for (const TableEntry& table : shape_.tables) {
    if (table.engine != "InnoDB") others.push_back(table.name);
  }
  if (others.empty() || schema_ != server.live()) return;
  server.notice(fmt::format("tables that are not InnoDB's are read without a common moment: {}",
                            join(others, ", ")));
}

}  // namespace quemsi::mysql_engine
