#include "engine/mysql/publish.hpp"

#include "engine/mysql/foreign_keys.hpp"
#include "engine/mysql/holders.hpp"
#include "engine/mysql/probe.hpp"
#include "engine/mysql/swap.hpp"
#include "quemsi/error.hpp"
#include "util/file_lock.hpp"

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

constexpr const char* publish_note = "publish";

/// What was in its place is nobody's any more.
void settle_plan(const Server& server, const ParkedRegistry& registry, const SwapPlan& plan) {
  if (settle(server, registry, plan) == Settled::done) {
    drop_parked(server, registry, ParkedName(plan.outgoing));
  }
  registry.write_note(publish_note, "");
}

/// By a process that was killed.
void settle_interrupted(const Server& server, const ParkedRegistry& registry) {
  const std::string note = registry.note(publish_note);
  if (!note.empty()) settle_plan(server, registry, decode_plan(note));
}

/// An exchange in which nobody is waited for, and whose other half is dropped.
void exchange_with(const Server& target, const ParkedRegistry& registry, Connection& connection,
                   const ParkedName& name) {
  const ParkedName replaced = parked_name(new_image_id());
  check_rights(connection, target.live());
  const SwapPlan plan = plan_swap(target, registry, connection, name, replaced);
  registry.write_note(publish_note, encode(plan));
  try {
    exchange(target, registry, plan, std::nullopt, ConnectionPolicy::wait);
  } catch (const Error&) {
    settle_plan(target, registry, plan);
    throw;
  }
  drop_parked(target, registry, replaced);
  registry.write_note(publish_note, "");
}

}  // namespace

std::filesystem::path publish_lock_file(const ParkedRegistry& registry) {
  make_parked_folder(registry.folder());
  return registry.folder() / "publish.lock";
}

void tell_unsettled(const Server& server, const Error& why) {
  std::string line = std::string("an interrupted restore is not settled: ") + why.what();
  for (const std::string& hint : why.hints()) line += "; " + hint;
  server.notice(line);
}

void check_unused(Connection& connection, const std::string& schema) {
  const auto users = users_of(connection, schema);
  if (users.empty()) return;
  Error error(ErrorKind::busy, "schema " + schema + " is in use");
  for (const Holder& user : users) error.cause(describe(user));
  throw error.hint("close these connections, then try again");
}

std::vector<ParkedName> settle_publish(const Server& server, const ParkedRegistry& registry) {
  const std::string note = registry.note(publish_note);
  if (note.empty()) return {};
  // Whoever is at it holds the lock.
  const auto lock = FileLock::try_lock(publish_lock_file(registry), LockMode::exclusive);
  try {
    if (lock) settle_interrupted(server, registry);
    if (lock) return {};
  } catch (const Error& error) {
    tell_unsettled(server, error);
  }
  const SwapPlan plan = decode_plan(note);
  return {ParkedName(plan.incoming), ParkedName(plan.outgoing)};
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
  const FileLock lock = FileLock::lock(publish_lock_file(registry), LockMode::exclusive,
                                       server.context().busy_timeout);
  settle_interrupted(server, registry);
  const bool exists = find_schema(connection, to.live()).has_value();
  if (exists && !replace) throw Error(ErrorKind::user, to.info().display() + " exists");
  if (exists) check_replaceable(connection, to.live());
  exchange_with(to, registry, connection, name);
}

}  // namespace quemsi::mysql_engine
