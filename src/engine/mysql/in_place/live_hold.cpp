#include "engine/mysql/in_place/live_hold.hpp"

#include "engine/mysql/session.hpp"
#include "engine/mysql/swap_session.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

std::vector<Connection> one_session(const Server& server) {
  std::vector<Connection> sessions;
  sessions.push_back(open_build_session(server));
  return sessions;
}

}  // namespace

LiveHold::LiveHold(const Server& server, const std::string& lock, ConnectionPolicy policy)
    : server_(server),
      sessions_(one_session(server)),
      observer_(server.connect()),
      way_(server, {server.live()}, {std::to_string(worker().id()), std::to_string(observer_.id())},
           policy),
      renamer_(worker(), observer_, way_) {
  set_lock_timeout(observer_, server.context().busy_timeout);
  take_swap_lock(worker(), lock, server.live());
}

void LiveHold::lock(const std::vector<TableEntry>& tables) {
  std::vector<std::string> names;
  names.reserve(tables.size());
  for (const TableEntry& table : tables) names.push_back(qualified(live(), table.name));
  renamer_.lock(names, LockKind::write);
  // What comes after the locks waits for nobody who could be named.
  set_lock_timeout(worker(), server_.context().busy_timeout);
}

bool LiveHold::lock_if_there(const std::vector<TableEntry>& tables) {
  try {
    lock(tables);
    return true;
  } catch (const Error&) {
    if (worker().error_code() != code::no_table) throw;
    return false;
  }
}

void LiveHold::unlock() noexcept {
  if (worker().lost()) return;
  try {
    renamer_.unlock();
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the session's end unlocks as well
  }
}

}  // namespace quemsi::mysql_engine
