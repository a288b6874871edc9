#include "engine/postgresql/unlogged.hpp"

#include <fmt/format.h>

#include "engine/common/once_told.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr const char* told_as = "emptied";

struct Crash {
  std::string since;  ///< the statistics' beginning
  std::string time;   ///< the same for humans
};

Crash last_crash(Connection& connection) {
  const Result row = connection.query(
      "SELECT coalesce(extract(epoch FROM stats_reset)::text, 'never'), "
      "coalesce(pg_catalog.to_char(stats_reset, 'YYYY-MM-DD HH24:MI'), '') "
      "FROM pg_catalog.pg_stat_bgwriter");
  return {row.str(0, 0), row.str(0, 1)};
}

std::string note_text(const Crash& crash, const std::string& instead) {
  return instead.empty() ? crash.since : crash.since + " " + instead;
}

/// The copy that took its place; empty when none did.
std::string instead_in(const std::string& note) {
  const std::size_t space = note.find(' ');
  return space == std::string::npos ? std::string() : note.substr(space + 1);
}

bool has_unlogged(const Server& server, const ParkedName& name) {
  Connection inside = server.connect(name.str(), application, server.context().busy_timeout);
  return inside.query("SELECT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relpersistence = 'u')")
      .boolean(0, 0);
}

std::string what_happened(const Crash& crash) {
  return fmt::format("the PostgreSQL server crashed ({} UTC), which empties unlogged tables",
                     crash.time);
}

}  // namespace

std::string parking_note(Connection& connection, const std::string& instead) {
  return note_text(last_crash(connection), instead);
}

bool was_emptied(Connection& connection, const Server& server, const ParkedRegistry& registry,
                 const ParkedName& name) {
  const std::string note = registry.note(name.str());
  if (note.empty()) return false;
  const Crash crash = last_crash(connection);
  if (note.substr(0, note.find(' ')) == crash.since) return false;
  if (has_unlogged(server, name)) return true;
  registry.write_note(name.str(), note_text(crash, instead_in(note)));
  return false;
}

void check_whole(Connection& connection, const Server& server, const ParkedRegistry& registry,
                 const ParkedName& name) {
  check_parked(connection, server, registry, name);
  if (!was_emptied(connection, server, registry, name)) return;
  throw Error(ErrorKind::busy, "the parked copy " + name.str() + " has lost rows")
      .cause(what_happened(last_crash(connection)))
      .hint(
          "to go on with what is left, try again when git quemsi status shows no background work");
}

void check_incoming(Connection& connection, const Server& server, const ParkedRegistry& registry,
                    const ParkedName& name, const ParkedName& outgoing) {
  if (instead_in(registry.note(name.str())) != outgoing.str()) {
    return check_whole(connection, server, registry, name);
  }
  check_parked(connection, server, registry, name);
  accept_emptied(connection, server, registry, name);
}

void accept_emptied(Connection& connection, const Server& server, const ParkedRegistry& registry,
                    const ParkedName& name) {
  if (!was_emptied(connection, server, registry, name)) return;
  const Crash crash = last_crash(connection);
  OnceTold(registry.folder())
      .remember(told_as, what_happened(crash) +
                             ": they are empty in the snapshots that were not sealed by then");
  registry.write_note(name.str(), note_text(crash, instead_in(registry.note(name.str()))));
  tell_of_emptied(server, registry);
}

void tell_of_emptied(const Server& server, const ParkedRegistry& registry) {
  OnceTold(registry.folder()).tell(told_as, server.context().notice);
}

}  // namespace quemsi::postgresql_engine
