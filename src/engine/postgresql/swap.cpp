#include "engine/postgresql/swap.hpp"

#include <fmt/format.h>

#include <charconv>

#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/rename.hpp"
#include "engine/postgresql/token.hpp"
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

/// Of the copy, before it becomes live; that it can be opened at all is worth knowing as well.
std::optional<TokenState> look_into(const Server& server, const std::string& database) {
  Connection connection = server.connect(database, application, server.context().busy_timeout);
  return read_token_state(connection);
}

Renames renames_of(const SwapPlan& plan) {
  Renames renames;
  if (plan.live_oid) renames.emplace_back(plan.live, plan.outgoing);
  renames.emplace_back(plan.incoming, plan.live);
  return renames;
}

std::int64_t rename_reporting(const Server& server, Connection& connection, const SwapPlan& plan) {
  WayClearer way(server, {plan.live, plan.incoming});
  try {
    const std::int64_t id = rename_databases(server, connection, renames_of(plan), way);
    way.report();
    return id;
  } catch (...) {
    way.report();
    throw;
  }
}

/// True when no transaction has ended since ours: who came in after us has a later id.
bool is_last(const std::string& snapshot, std::int64_t transaction) {
  const std::vector<std::string> parts = split(snapshot, ':');
  return parts.size() == 3 && parts[1] == std::to_string(transaction + 1);
}

/// None when an application may have written since the renaming.
std::optional<Token> token_after(const Server& server, const TokenState& before,
                                 std::int64_t transaction) {
  try {
    const auto now = look_into(server, server.live());
    const bool same = now && now->oid == before.oid && now->sequences == before.sequences &&
                      is_last(now->snapshot, transaction);
    return same ? token_of(*now) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<Token> swap(const Server& server, const ParkedRegistry& registry,
                          const SwapPlan& plan) {
  Connection connection = server.maintenance(swap_application(plan));
  check_plan(connection, server, plan);
  const auto before = look_into(server, plan.incoming);
  if (plan.live_oid) registry.mark(ParkedName(plan.outgoing), plan.server);
  const std::int64_t transaction = rename_reporting(server, connection, plan);
  registry.unmark(ParkedName(plan.incoming));
  return before ? token_after(server, *before, transaction) : std::nullopt;
}

}  // namespace quemsi::postgresql_engine
