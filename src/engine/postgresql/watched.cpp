#include "engine/postgresql/watched.hpp"

#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {

void run_watched(Connection& connection, const std::string& sql, Progress& progress) {
  constexpr std::chrono::milliseconds glance{100};
  connection.start(sql);
  try {
    while (!connection.ready_within(glance)) progress.check_cancelled();
  } catch (...) {
    connection.cancel();
    try {
      connection.collect();
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): that it was cancelled
    }
    throw;
  }
  connection.collect();
}

}  // namespace quemsi::postgresql_engine
