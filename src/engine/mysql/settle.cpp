// After a crash: where the marker is tells which way to go on.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/mysql/swap_steps.hpp"
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

/// The session of a process that was killed goes when its statement is done. One that waits for a
/// lock is ended; any other must not be: a trigger that is replaced at that moment would be
/// damaged.
void end_swap_session(Connection& connection, const SwapPlan& plan,
                      std::chrono::milliseconds limit) {
  const std::string query = fmt::format("SELECT IS_USED_LOCK({})", quote_literal(swap_lock(plan)));
  const auto deadline = Clock::now() + std::max(limit, std::chrono::milliseconds(5000));
  for (Result holder = connection.query(query); !holder.is_null(0, 0);
       holder = connection.query(query)) {
    if (is_waiting(connection, holder.str(0, 0))) end_session(connection, holder.str(0, 0));
    if (Clock::now() > deadline) {
      throw Error(ErrorKind::busy, "an interrupted exchange of " + plan.live + " does not end")
          .hint("try again in a moment");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

bool has_table(Connection& connection, const std::string& schema, const std::string& table) {
  return connection
             .query(fmt::format("SELECT 1 FROM information_schema.tables WHERE {} AND "
                                "table_name = {}",
                                is_named("table_schema", schema), quote_literal(table)))
             .rows() > 0;
}

enum class Stands { at_start, on_the_way, at_end };

Stands find_out(Connection& connection, const ParkedRegistry& registry, const SwapPlan& plan,
                const SwapNames& names) {
  if (has_table(connection, names.marker_target(), names.marker())) return Stands::on_the_way;
  if (find_schema(connection, plan.incoming)) return Stands::at_start;
  // The incoming schema is dropped as the last but one; somebody else may have done it before.
  if (plan.live_shape && find_schema(connection, plan.outgoing)) return Stands::at_end;
  const bool dropped_by_hand = registry.is_marked(ParkedName(plan.incoming), plan.server);
  return dropped_by_hand ? Stands::at_start : Stands::at_end;
}

}  // namespace

Settled settle(const Server& server, const ParkedRegistry& registry, const SwapPlan& plan) {
  Connection worker = server.connect();
  if (server_identity(worker) != plan.server) {
    throw Error(ErrorKind::engine, fmt::format("{} is another server than the one on which an "
                                               "exchange of {} was interrupted",
                                               server.info().server(), plan.live))
        .hint("start that server again under the same address");
  }
  end_swap_session(worker, plan, server.context().busy_timeout);
  Connection control = server.connect();
  WayClearer way(server, {plan.live, plan.incoming},
                 {std::to_string(worker.id()), std::to_string(control.id())},
                 server.context().connections);
  Renamer renamer(worker, control, way);
  SwapSteps steps(server, registry, plan, worker, renamer);
  const Stands stands = find_out(worker, registry, plan, steps.names());
  if (stands == Stands::at_start) steps.undo();
  if (stands == Stands::on_the_way) steps.finish();
  if (stands == Stands::at_end) registry.unmark(ParkedName(plan.incoming));
  way.report();
  return stands == Stands::at_start ? Settled::not_done : Settled::done;
}

}  // namespace quemsi::mysql_engine
