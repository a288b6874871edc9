#include "engine/mysql/in_place/publish_in_place.hpp"

#include "engine/mysql/in_place/exchange.hpp"
#include "engine/mysql/publish.hpp"
#include "engine/mysql/shape.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

void make_schema(const Server& to, Connection& connection) {
  try {
    connection.execute("CREATE DATABASE " + quote_identifier(to.live()));
  } catch (const Error&) {
    if (connection.error_code() != code::access_denied_database) throw;
    const std::string user = grantee(connection);
    throw Error(ErrorKind::unsupported, "there is no " + to.info().display())
        .cause("user " + user + " may not make it")
        .hint("as an administrator: CREATE DATABASE " + quote_identifier(to.live()) +
              "; GRANT ALL PRIVILEGES ON " + quote_identifier(to.live()) + ".* TO " + user + ";");
  }
}

bool is_vacant(Connection& connection, const std::string& schema) {
  const SchemaShape shape = read_shape(connection, schema);
  return shape.tables.empty() && shape.objects.empty();
}

void prepare_target(const Server& to, Connection& connection, bool replace) {
  if (!find_schema(connection, to.live())) return make_schema(to, connection);
  if (!replace && !is_vacant(connection, to.live())) {
    throw Error(ErrorKind::user, to.info().display() + " exists");
  }
  check_unused(connection, to.live());
}

}  // namespace

void publish_in_place(const Server& server, const ImageFolder& folder, const ParkedName& name,
                      const DatabaseSpec& target, bool replace) {
  const Server to(target, server.context());
  if (to.info().location() == server.info().location()) {
    throw Error(ErrorKind::user, to.info().display() + " is the database itself")
        .hint("to make a snapshot live, use: git quemsi restore SNAPSHOT");
  }
  Connection connection = to.connect();
  check_can_be_built(to, connection, folder.open(name));
  prepare_target(to, connection, replace);
  InPlacePlan plan =
      plan_in_place(to, folder, connection, name, parked_name(new_image_id()), false);
  try {
    exchange_in_place(to, folder, plan, std::nullopt, ConnectionPolicy::wait);
  } catch (const Error&) {
    settle_in_place(to, folder, plan, false);
    throw;
  }
  folder.remove(ParkedName(plan.outgoing));
}

}  // namespace quemsi::mysql_engine
