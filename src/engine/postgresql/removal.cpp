#include "engine/postgresql/removal.hpp"

#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/parked.hpp"
#include "engine/postgresql/probe.hpp"
#include "engine/postgresql/rename.hpp"
#include "engine/postgresql/token.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// The sequences are looked at here: the rename's own proof does not see them. Returns the server
/// process that has looked, which is about to leave.
std::string prove(const Server& server, const Token& token) {
  Connection inside = server.connect(server.live());
  if (!proves(token, inside)) throw_changed(server.live());
  return std::to_string(inside.backend_pid());
}

}  // namespace

void drop_live(const Server& server, const ParkedRegistry& registry, const Token& token,
               const ParkedName& by_way_of) {
  Connection connection = server.maintenance();
  const auto facts = find_database(connection, server.live());
  if (!facts) return;
  check_rights(connection, server.live(), *facts);
  check_obstacles(connection, {server.live()});
  const auto state = parse_token(token);
  if (!state) throw_changed(server.live());
  WayClearer way(server, {server.live()}, ConnectionPolicy::wait);
  way.expect_gone(prove(server, token));
  registry.mark(by_way_of, server_identity(connection, server.info()));
  try {
    rename_databases(server, connection, {{server.live(), by_way_of.str()}}, state->snapshot, way);
  } catch (...) {
    unmark_if_missing(connection, registry, by_way_of);
    throw;
  }
  drop_parked(server, registry, by_way_of);
}

}  // namespace quemsi::postgresql_engine
