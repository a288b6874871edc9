#include "engine/mysql/watch.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <thread>

#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr const char* rows =
    "variable_name IN ('Handler_write', 'Handler_update', 'Handler_delete')";
constexpr const char* definitions =
    "variable_name LIKE 'Com\\_alter\\_%' OR variable_name LIKE 'Com\\_create\\_%' OR "
    "variable_name LIKE 'Com\\_drop\\_%' OR variable_name IN ('Com_rename_table', 'Com_truncate')";

/// Statements that define anything, which are in no table of MySQL's; on MariaDB rows, too.
std::uint64_t shown_by(Connection& connection, bool session) {
  const Result counters =
      connection.query(fmt::format("SHOW {} STATUS WHERE {} OR {}", session ? "SESSION" : "GLOBAL",
                                   connection.is_mariadb() ? rows : "FALSE", definitions));
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < counters.rows(); ++i) sum += counters.number(i, 1);
  return sum;
}

/// MySQL's SHOW writes rows itself, which it counts as nobody's.
std::uint64_t rows_on_mysql(Connection& connection, bool session) {
  if (connection.is_mariadb()) return 0;
  return connection
      .query(fmt::format("SELECT CAST(SUM(variable_value) AS UNSIGNED) FROM {} WHERE {}",
                         status_table(connection, session), rows))
      .number(0, 0);
}

template <typename Count>
std::uint64_t of_others(Count count, Connection& worker, Connection& control) {
  const std::uint64_t own = count(worker, true) + count(control, true);
  return count(control, false) - own;
}

bool is_quiet(Connection& connection) {
  const Result row = connection.query(
      fmt::format("SELECT variable_value, @@GLOBAL.event_scheduler FROM {} WHERE variable_name = "
                  "'Threads_running'",
                  status_table(connection, false)));
  return is_only_one(row.str(0, 0), row.str(0, 1));
}

}  // namespace

Watch::Watch(Connection& worker, Connection& control) : worker_(worker), control_(control) {
  constexpr int tries = 10;
  for (int i = 0; i < tries && !quiet_; ++i) {
    if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    shown_ = of_others(shown_by, worker, control);
    rows_ = of_others(rows_on_mysql, worker, control);
    quiet_ = is_quiet(control);
  }
}

bool Watch::saw_nothing() const {
  return quiet_ && of_others(rows_on_mysql, worker_, control_) == rows_ &&
         of_others(shown_by, worker_, control_) == shown_;
}

bool is_only_one(const std::string& running, const std::string& event_scheduler) {
  return running == (event_scheduler == "ON" ? "2" : "1");
}

}  // namespace quemsi::mysql_engine
