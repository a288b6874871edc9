#include "engine/postgresql/in_place/publish_in_place.hpp"

#include "engine/postgresql/holders.hpp"
#include "engine/postgresql/in_place/clearing.hpp"
#include "engine/postgresql/in_place/restoring.hpp"
#include "engine/postgresql/probe.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

Error no_target(const ConnectInfo& info) {
  return Error(ErrorKind::unsupported, "there is no " + info.display())
      .cause("user " + info.user() + " may not create databases")
      .hint("as a superuser: CREATE DATABASE " + quote_identifier(info.database()) + " OWNER " +
            quote_identifier(info.user()) + ";");
}

void check_target(const Server& to, bool replace) {
  Connection connection = to.maintenance();
  const auto facts = find_database(connection, to.live());
  if (!facts) throw no_target(to.info());
  check_valid(to.live(), *facts);
  check_obstacles(connection, {to.live()});
  WayClearer(to, {to.live()}, ConnectionPolicy::wait).clear(connection);
  Connection inside = to.connect(to.live());
  check_may_clear(inside);
  if (!replace && !is_vacant(inside)) {
    throw Error(ErrorKind::user, to.info().display() + " exists");
  }
}

}  // namespace

void publish_in_place(const Server& server, const ImageFile& file, const DatabaseSpec& target,
                      bool replace) {
  const Server to(target, server.context());
  if (to.info().location() == server.info().location()) {
    throw Error(ErrorKind::user, to.info().display() + " is the database itself")
        .hint("to make a snapshot live, use: git quemsi restore SNAPSHOT");
  }
  const ImageReader image(file);
  check_target(to, replace);
  LiveHold hold(to, std::string(application) + " publish", ConnectionPolicy::wait);
  hold.lock_tables();
  clear_database(hold);
  for (const std::string& lost : restore_into(hold, image, no_progress())) server.notice(lost);
  hold.commit();
}

}  // namespace quemsi::postgresql_engine
