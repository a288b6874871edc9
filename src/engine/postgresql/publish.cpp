#include "engine/postgresql/publish.hpp"

#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/probe.hpp"
#include "engine/postgresql/rename.hpp"
#include "engine/postgresql/unlogged.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// A copied data folder keeps its identifier: only one server started at that very moment.
std::string running_server(Connection& connection, const ConnectInfo& info) {
  return server_identity(connection, info) +
         connection.query("SELECT pg_catalog.pg_postmaster_start_time()").str(0, 0);
}

void check_same_server(const Server& server, Connection& connection, const Server& target) {
  Connection other = target.maintenance();
  if (running_server(connection, server.info()) == running_server(other, target.info())) return;
  throw Error(ErrorKind::unsupported,
              target.info().server() + " is another server than " + server.info().server())
      .hint("name a database on " + server.info().server() +
            ", or make that server's database an entry of .quemsi.yml");
}

/// What the target held goes under a name of ours first, so that it is replaced in one step.
void replace_database(const Server& server, const ParkedRegistry& registry, Connection& connection,
                      const std::string& name, const std::string& target) {
  const ParkedName replaced = parked_name(new_image_id());
  registry.mark(replaced, server_identity(connection, server.info()));
  WayClearer way(server, {target, name}, ConnectionPolicy::wait);
  try {
    rename_databases(server, connection, {{target, replaced.str()}, {name, target}}, std::nullopt,
                     way);
  } catch (const Error&) {
    unmark_if_missing(connection, registry, replaced);
    throw;
  }
  drop_parked(server, registry, replaced);
}

void make_database(const Server& server, Connection& connection, const std::string& name,
                   const std::string& target) {
  WayClearer way(server, {name});
  rename_databases(server, connection, {{name, target}}, std::nullopt, way);
  way.report();
}

}  // namespace

void publish(const Server& server, const ParkedRegistry& registry, const ParkedName& name,
             const DatabaseSpec& target, bool replace) {
  const Server to(target, server.context());
  Connection connection = server.maintenance();
  check_same_server(server, connection, to);
  if (to.live() == server.live()) {
    throw Error(ErrorKind::user, to.info().display() + " is the database itself")
        .hint("to make a snapshot live, use: git quemsi restore SNAPSHOT");
  }
  check_whole(connection, server, registry, name);
  const auto facts = find_database(connection, to.live());
  if (facts && !replace) throw Error(ErrorKind::user, to.info().display() + " exists");
  if (facts) {
    check_rights(connection, to.live(), *facts);
    check_obstacles(connection, {to.live(), name.str()});
    replace_database(server, registry, connection, name.str(), to.live());
  } else {
    make_database(server, connection, name.str(), to.live());
  }
  registry.unmark(name);
}

}  // namespace quemsi::postgresql_engine
