#include "engine/mysql/rename.hpp"

#include <fmt/format.h>

#include <chrono>

#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds glance{1};
/// Statements of applications that are under way end by themselves.
constexpr milliseconds patience{50};

std::string statement(const Renames& renames) {
  std::vector<std::string> parts;
  parts.reserve(renames.size());
  for (const Rename& item : renames) {
    parts.push_back(qualified(item.from_schema, item.from) + " TO " +
                    qualified(item.to_schema, item.to));
  }
  return "RENAME TABLE " + join(parts, ", ");
}

}  // namespace

Renames reversed(const Renames& renames) {
  Renames back;
  for (const Rename& item : renames) {
    back.push_back({item.to_schema, item.to, item.from_schema, item.from});
  }
  return back;
}

bool Renamer::rename(const Renames& renames, const Gate* gate) {
  if (renames.empty()) return true;
  // We end the wait ourselves; this is for when we no longer can.
  worker_.execute("SET SESSION lock_wait_timeout = 60");
  if (gate != nullptr) {
    gate->keeper->execute("START TRANSACTION");
    gate->keeper->execute("SELECT 1 FROM " + qualified(gate->schema, gate->second));
  }
  worker_.start(statement(renames));
  if (gate != nullptr && !wait_at(*gate)) return false;
  wait_for_locks();
  return true;
}

void Renamer::lock(const std::vector<std::string>& tables, LockKind kind) {
  if (tables.empty()) return;
  const std::string suffix = kind == LockKind::read ? " READ" : " WRITE";
  worker_.execute("SET SESSION lock_wait_timeout = 60");
  worker_.start("LOCK TABLES " + join(tables, suffix + ", ") + suffix);
  wait_for_locks();
}

/// Nobody but us knows of the gates: who finds the first one locked has found the worker.
bool Renamer::is_at(const Gate& gate) {
  try {
    control_.execute("SELECT 1 FROM " + qualified(gate.schema, gate.first));
    return false;
  } catch (const Error&) {
    if (control_.error_code() != code::lock_timeout) throw;
    return true;
  }
}

bool Renamer::wait_at(const Gate& gate) {
  control_.execute("SET SESSION lock_wait_timeout = 0");
  const auto start = Clock::now();
  while (!is_at(gate)) {
    if (worker_.ready_within(glance)) return true;  // failed: the gate's lock cannot be had
    if (Clock::now() - start < patience) continue;
    way_.push(control_);
    if (way_.remaining().count() > 0) continue;
    const Error busy = way_.busy(control_);
    if (abandon()) throw busy;
    throw Error(ErrorKind::internal, "tables were renamed that should have waited");
  }
  control_.execute("SET SESSION lock_wait_timeout = 60");
  if (!gate.may_pass()) {
    abandon();
    return false;
  }
  gate.keeper->execute("COMMIT");
  return true;
}

bool Renamer::is_waiting() {
  const Result row =
      control_.query(fmt::format("SELECT 1 FROM information_schema.processlist WHERE id = {} AND "
                                 "state LIKE 'Waiting for%lock'",
                                 worker_.id()));
  return row.rows() > 0;
}

void Renamer::wait_for_locks() {
  const auto start = Clock::now();
  while (!worker_.ready_within(glance)) {
    if (Clock::now() - start < patience || !is_waiting()) continue;
    way_.push(control_);
    if (way_.remaining().count() > 0) continue;
    const Error busy = way_.busy(control_);
    if (abandon()) throw busy;
    return;
  }
  worker_.collect();
}

bool Renamer::abandon() {
  try {
    control_.execute(fmt::format("KILL QUERY {}", worker_.id()));
  } catch (const Error&) {
    if (control_.error_code() != code::no_thread) throw;
  }
  try {
    worker_.collect();
  } catch (const Error&) {
    if (worker_.error_code() != code::interrupted) throw;
    return true;
  }
  return false;
}

}  // namespace quemsi::mysql_engine
