// After a crash: where the marker is tells which way to go on.
#include <fmt/format.h>

#include "engine/mysql/swap_session.hpp"
#include "engine/mysql/swap_steps.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

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
  end_swap_session(worker, swap_lock(plan), plan.live, server.context().busy_timeout);
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
