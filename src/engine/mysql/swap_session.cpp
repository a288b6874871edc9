#include "engine/mysql/swap_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

using Clock = std::chrono::steady_clock;

bool is_waiting(Connection& connection, const std::string& id) {
  return connection
             .query(fmt::format("SELECT 1 FROM information_schema.processlist WHERE id = {} AND "
                                "state LIKE 'Waiting for%lock'",
                                id))
             .rows() > 0;
}

void end_session(Connection& connection, const std::string& id) {
  try {
    connection.execute("KILL CONNECTION " + id);
  } catch (const Error&) {
    if (connection.error_code() != code::no_thread) throw;
  }
}

}  // namespace

void take_swap_lock(Connection& connection, const std::string& lock, const std::string& live) {
  const Result got = connection.query(fmt::format("SELECT GET_LOCK({}, 5)", quote_literal(lock)));
  if (got.str(0, 0) == "1") return;
  throw Error(ErrorKind::busy, "another exchange of " + live + " is under way")
      .hint("try again in a moment");
}

void end_swap_session(Connection& connection, const std::string& lock, const std::string& live,
                      std::chrono::milliseconds limit) {
  const std::string query = fmt::format("SELECT IS_USED_LOCK({})", quote_literal(lock));
  const auto deadline = Clock::now() + std::max(limit, std::chrono::milliseconds(5000));
  for (Result holder = connection.query(query); !holder.is_null(0, 0);
       holder = connection.query(query)) {
    if (is_waiting(connection, holder.str(0, 0))) end_session(connection, holder.str(0, 0));
    if (Clock::now() > deadline) {
      throw Error(ErrorKind::busy, "an interrupted exchange of " + live + " does not end")
          .hint("try again in a moment");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace quemsi::mysql_engine
