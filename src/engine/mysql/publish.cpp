#include "engine/mysql/publish.hpp"

#include "engine/mysql/foreign_keys.hpp"
#include "engine/mysql/holders.hpp"
#include "engine/mysql/swap.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

/// A copied data folder keeps what it calls itself: only one server started at that very moment.
void check_same_server(const Server& server, Connection& connection, const Server& target) {
  Connection other = target.connect();
  if (server_identity(connection) + server_run(connection) ==
      server_identity(other) + server_run(other)) {
    return;
  }
  throw Error(ErrorKind::unsupported,
              target.info().server() + " is another server than " + server.info().server())
      .hint("name a schema on " + server.info().server() +
            ", or make that server's schema an entry of .quemsi.yml");
}

/// What replaces it is renamed.
void check_replaceable(Connection& connection, const std::string& schema) {
  if (const auto why = key_obstacle(connection, schema)) throw Error(*why);
  check_unused(connection, schema);
}

/// An exchange in which nobody is waited for, and whose other half is dropped.
void exchange_with(const Server& target, const ParkedRegistry& registry, Connection& connection,
                   const ParkedName& name) {
  const ParkedName replaced = parked_name(new_image_id());
  const SwapPlan plan = plan_swap(target, registry, connection, name, replaced);
  try {
    exchange(target, registry, plan, std::nullopt, ConnectionPolicy::wait);
  } catch (const Error&) {
    settle(target, registry, plan);
    throw;
  }
  drop_parked(target, registry, replaced);
}

}  // namespace

void check_unused(Connection& connection, const std::string& schema) {
  const auto users = users_of(connection, schema);
  if (users.empty()) return;
  Error error(ErrorKind::busy, "schema " + schema + " is in use");
  for (const Holder& user : users) error.cause(describe(user));
  throw error.hint("close these connections, then try again");
}

void publish(const Server& server, const ParkedRegistry& registry, const ParkedName& name,
             const DatabaseSpec& target, bool replace) {
  const Server to(target, server.context());
  Connection connection = server.connect();
  check_same_server(server, connection, to);
  if (to.live() == server.live()) {
    throw Error(ErrorKind::user, to.info().display() + " is the database itself")
        .hint("to make a snapshot live, use: git quemsi restore SNAPSHOT");
  }
  check_parked(connection, registry, name);
  const bool exists = find_schema(connection, to.live()).has_value();
  if (exists && !replace) throw Error(ErrorKind::user, to.info().display() + " exists");
  if (exists) check_replaceable(connection, to.live());
  exchange_with(to, registry, connection, name);
}

}  // namespace quemsi::mysql_engine
