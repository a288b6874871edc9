#include "engine/postgresql/swap.hpp"

#include <fmt/format.h>

#include <future>

#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/rename.hpp"
#include "engine/postgresql/token.hpp"
#include "engine/postgresql/unlogged.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

std::optional<std::string> oid_of(Connection& connection, const std::string& name) {
  const auto facts = find_database(connection, name);
  return facts ? std::optional(facts->oid) : std::nullopt;
}

void check_plan(Connection& connection, const Server& server, const SwapPlan& plan) {
  if (server_identity(connection, server.info()) == plan.server &&
      oid_of(connection, plan.live) == plan.live_oid &&
      oid_of(connection, plan.incoming) == plan.incoming_oid &&
      !oid_of(connection, plan.outgoing)) {
    return;
  }
  throw Error(ErrorKind::busy, "database " + plan.live + " was replaced in the meantime")
      .hint("run the command again");
}

struct Look {
  std::optional<TokenState> state;
  std::string writes;  ///< see count_of_writes(); from before `state`
  std::string pid;     ///< of the server process that was in the database, and is about to leave
};

/// That a database can be opened at all is worth knowing as well, before it becomes live.
Look look_into(const Server& server, const std::string& database) {
  Connection connection = server.connect(database, application, server.context().busy_timeout);
  Look look;
  look.writes = connection.query("SELECT " + count_of_writes(connection, database)).str(0, 0);
  look.state = read_token_state(connection);
  look.pid = std::to_string(connection.backend_pid());
  return look;
}

Renames renames_of(const SwapPlan& plan) {
  Renames renames;
  if (plan.live_oid) renames.emplace_back(plan.live, plan.outgoing);
  renames.emplace_back(plan.incoming, plan.live);
  return renames;
}

/// What the snapshot of transactions must still be once nobody can be in live any more. The
/// sequences were looked at when the token was proven; a value that is taken now without a
/// transaction of its own is not stored anywhere.
std::string expected_snapshot(Connection& connection, const SwapPlan& plan, const Token& expected) {
  const auto state = parse_token(expected);
  if (!state || state->oid != plan.live_oid || state->run != server_run(connection)) {
    throw_changed(plan.live);
  }
  return state->snapshot;
}

Renamed rename_reporting(const Server& server, Connection& connection, const SwapPlan& plan,
                         const std::string& leaving, const std::optional<std::string>& snapshot) {
  WayClearer way(server, {plan.live, plan.incoming});
  way.expect_gone(leaving);
  try {
    Renamed renamed = rename_databases(server, connection, renames_of(plan), snapshot, way);
    way.report();
    return renamed;
  } catch (...) {
    way.report();
    throw;
  }
}

/// Nothing was written from the look until nobody was in the database any more: because nothing has
/// ended on the server, or its own sessions have written nothing.
bool is_untouched(const Look& look, const Renamed& renamed) {
  const std::vector<std::string> before = split(look.state->snapshot, ':');
  const std::vector<std::string> after = split(renamed.snapshot, ':');
  const bool quiet =
      before.at(1) == std::to_string(renamed.transaction) && before.at(2) == after.at(2);
  return quiet || (!look.writes.empty() && look.writes == renamed.writes);
}

/// Who came in after us has a later transaction id: none that was later has ended. A sequence that
/// has moved since the look differs from what the token says.
std::optional<Token> token_after(const Look& look, const Renamed& renamed) {
  const std::vector<std::string> parts = split(renamed.snapshot, ':');
  const bool last = parts.size() == 3 && parts[1] == std::to_string(renamed.transaction + 1);
  if (!look.state || !last || !is_untouched(look, renamed)) return std::nullopt;
  TokenState state = *look.state;
  state.snapshot = renamed.snapshot;
  return token_of(state);
}

}  // namespace

std::optional<Token> exchange(const Server& server, const ParkedRegistry& registry,
                              Connection& connection, const SwapPlan& plan,
                              const std::optional<Token>& expected) {
  connection.execute("SET application_name = " + quote_literal(swap_application(plan)));
  check_plan(connection, server, plan);
  // The disk and the server are waited for at the same time.
  const std::string note = parking_note(connection, plan.incoming);
  std::future<void> marked = std::async(std::launch::async, [&] {
    if (!plan.live_oid) return;
    registry.write_note(plan.outgoing, note);
    registry.mark(ParkedName(plan.outgoing), plan.server);
  });
  const Look before = look_into(server, plan.incoming);
  marked.get();
  const auto snapshot =
      expected ? std::optional(expected_snapshot(connection, plan, *expected)) : std::nullopt;
  const Renamed renamed = rename_reporting(server, connection, plan, before.pid, snapshot);
  registry.unmark(ParkedName(plan.incoming));
  return token_after(before, renamed);
}

}  // namespace quemsi::postgresql_engine
