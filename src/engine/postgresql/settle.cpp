// After a crash: the OIDs say which database is which.
#include <fmt/format.h>

#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/swap.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// None when that database is gone.
std::optional<std::string> name_of(Connection& connection, const std::optional<std::string>& oid) {
  if (!oid) return std::nullopt;
  const Result found =
      connection.query("SELECT datname FROM pg_catalog.pg_database WHERE oid = $1::oid", *oid);
  return found.rows() == 0 ? std::nullopt : std::optional(found.str(0, 0));
}

Error renamed_by_hand(const SwapPlan& plan, const std::optional<std::string>& live,
                      const std::optional<std::string>& incoming) {
  Error error(ErrorKind::engine,
              fmt::format("databases of an interrupted exchange of {} were renamed by somebody",
                          plan.live));
  if (plan.live_oid) {
    error.cause(fmt::format("what was {} is now {}", plan.live, live.value_or("gone")));
  }
  error.cause(fmt::format("what was {} is now {}", plan.incoming, incoming.value_or("gone")));
  if (incoming && *incoming != plan.incoming) {
    error.hint(fmt::format("to give it its name again: ALTER DATABASE {} RENAME TO {};",
                           quote_identifier(*incoming), quote_identifier(plan.incoming)));
  }
  if (live && *live != plan.live) {
    error.hint(fmt::format("to give it its name again: ALTER DATABASE {} RENAME TO {};",
                           quote_identifier(*live), quote_identifier(plan.live)));
  }
  return error;
}

Settled find_out(Connection& connection, const SwapPlan& plan) {
  const auto live = name_of(connection, plan.live_oid);
  const auto incoming = name_of(connection, plan.incoming_oid);
  // What a swap took out, or has not yet brought in, may have been dropped since.
  const bool in_place = !plan.live_oid || live == plan.live;
  const bool moved_out = !plan.live_oid || !live || live == plan.outgoing;
  if (incoming == plan.live && moved_out) return Settled::done;
  if (in_place && (!incoming || incoming == plan.incoming)) return Settled::not_done;
  throw renamed_by_hand(plan, live, incoming);
}

}  // namespace

Settled settle(const Server& server, const ParkedRegistry& registry, const SwapPlan& plan) {
  Connection connection = server.maintenance();
  if (server_identity(connection, server.info()) != plan.server) {
    throw Error(ErrorKind::engine, fmt::format("{} is another server than the one on which an "
                                               "exchange of {} was interrupted",
                                               server.info().server(), plan.live))
        .hint("start that server again under the same address");
  }
  end_session(connection, swap_application(plan), plan.live, server.context().busy_timeout);
  const Settled settled = find_out(connection, plan);
  const bool done = settled == Settled::done;
  const std::string& gone = done ? plan.incoming : plan.outgoing;
  if (!find_database(connection, gone)) registry.unmark(ParkedName(gone));
  return settled;
}

}  // namespace quemsi::postgresql_engine
