#include "engine/mysql/in_place/publish_in_place.hpp"

#include <nlohmann/json.hpp>

#include "engine/mysql/in_place/exchange.hpp"
#include "engine/mysql/privileges.hpp"
#include "engine/mysql/publish.hpp"
#include "engine/mysql/shape.hpp"
#include "quemsi/error.hpp"
#include "util/file_lock.hpp"

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

constexpr const char* note_key = "publish-in-place";

/// One that has begun. How to get at a server stays out of it: that may be a password.
struct Begun {
  InPlacePlan plan;
  std::string database;  ///< what the target's specification calls it
  std::string target;    ///< for humans
};

void write_begun(const ParkedRegistry& registry, const Begun& begun) {
  const nlohmann::json json{
      {"plan", encode(begun.plan)}, {"database", begun.database}, {"target", begun.target}};
  registry.write_note(note_key, json.dump() + "\n");
}

std::optional<Begun> read_begun(const ParkedRegistry& registry) try {
  const std::string note = registry.note(note_key);
  if (note.empty()) return std::nullopt;
  const auto json = nlohmann::json::parse(note);
  return Begun{.plan = decode_in_place_plan(json.at("plan")).value(),
               .database = json.at("database"),
               .target = json.at("target")};
} catch (const Error&) {
  throw;
} catch (const std::exception& error) {
  throw Error(ErrorKind::corrupt, "a note on an interrupted restore is damaged")
      .cause(error.what())
      .hint("remove " + (registry.folder() / (std::string(note_key) + ".note")).string());
}

/// What was in its place is nobody's any more.
void settle_begun(const Server& to, const ParkedRegistry& registry, const ImageFolder& folder,
                  const InPlacePlan& plan) {
  if (settle_in_place(to, folder, plan, false) == Settled::done) {
    folder.remove(ParkedName(plan.outgoing));
  }
  registry.write_note(note_key, "");
}

bool is_on(const Server& server, const InPlacePlan& plan) {
  Connection connection = server.connect();
  return server_identity(connection) == plan.server;
}

/// By a process that was killed. `to`: a server that we know how to get at, too.
void settle_interrupted(const Server& server, const Server* to, const ImageFolder& folder) {
  const ParkedRegistry& registry = server.registry();
  const auto begun = read_begun(registry);
  if (!begun) return;
  if (to != nullptr && to->live() == begun->plan.live && is_on(*to, begun->plan)) {
    return settle_begun(*to, registry, folder, begun->plan);
  }
  if (!is_on(server, begun->plan)) {
    throw Error(ErrorKind::engine, "a restore into " + begun->target + " was interrupted")
        .hint("begin it again: git quemsi restore SNAPSHOT --to URL --replace");
  }
  const Server ours(
      {.name = begun->database, .engine = "mysql", .url = server.info().to(begun->plan.live).url()},
      server.context());
  settle_begun(ours, registry, folder, begun->plan);
}

}  // namespace

std::vector<ParkedName> settle_publish_in_place(const Server& server, const ImageFolder& folder) {
  const ParkedRegistry& registry = server.registry();
  if (registry.note(note_key).empty()) return {};
  // Whoever is at it holds the lock.
  const auto lock = FileLock::try_lock(publish_lock_file(registry), LockMode::exclusive);
  try {
    if (lock) settle_interrupted(server, nullptr, folder);
    if (lock) return {};
  } catch (const Error& error) {
    tell_unsettled(server, error);
  }
  const auto begun = read_begun(registry);
  if (!begun) return {};
  return {ParkedName(begun->plan.incoming), ParkedName(begun->plan.outgoing)};
}

void publish_in_place(const Server& server, const ImageFolder& folder, const ParkedName& name,
                      const DatabaseSpec& target, bool replace) {
  const Server to(target, server.context());
  if (to.info().location() == server.info().location()) {
    throw Error(ErrorKind::user, to.info().display() + " is the database itself")
        .hint("to make a snapshot live, use: git quemsi restore SNAPSHOT");
  }
  const ParkedRegistry& registry = server.registry();
  const FileLock lock = FileLock::lock(publish_lock_file(registry), LockMode::exclusive,
                                       server.context().busy_timeout);
  settle_interrupted(server, &to, folder);
  Connection connection = to.connect();
  check_can_be_built(to, connection, folder.open(name));
  prepare_target(to, connection, replace);
  const InPlacePlan plan =
      plan_in_place(to, folder, connection, name, parked_name(new_image_id()), false);
  write_begun(registry, {plan, target.name, to.info().display()});
  try {
    exchange_in_place(to, folder, plan, std::nullopt, ConnectionPolicy::wait);
  } catch (const Error&) {
    settle_begun(to, registry, folder, plan);
    throw;
  }
  folder.remove(ParkedName(plan.outgoing));
  registry.write_note(note_key, "");
}

}  // namespace quemsi::mysql_engine
