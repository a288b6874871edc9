// A crash of the server empties the unlogged tables of all its databases. A parked copy that has
// some is then no more what it was. A note beside its marker says what a crash changes: when the
// server's statistics began, which stays over a restart.
#pragma once

#include <string>

#include "engine/postgresql/parked.hpp"
#include "engine/postgresql/server.hpp"

namespace quemsi::postgresql_engine {

/// For a copy that is whole now. `instead`: the copy that has become live in its place.
std::string parking_note(Connection& connection, const std::string& instead = {});

/// Of a copy of ours. `connection` is a maintenance connection.
bool was_emptied(Connection& connection, const Server& server, const ParkedRegistry& registry,
                 const ParkedName& name);

/// As check_parked(); throws Error(busy) for a copy that was emptied, too. What is sealed can be
/// built again; what is not, is taken as it is once it is sealed.
void check_whole(Connection& connection, const Server& server, const ParkedRegistry& registry,
                 const ParkedName& name);
/// The same for a copy that is to become live while live goes to `outgoing`: what only goes back to
/// where it was is taken as it is, like any live database.
void check_incoming(Connection& connection, const Server& server, const ParkedRegistry& registry,
                    const ParkedName& name, const ParkedName& outgoing);

/// What is left of it counts from here on, and the user hears of it.
void accept_emptied(Connection& connection, const Server& server, const ParkedRegistry& registry,
                    const ParkedName& name);
/// What nobody was there to hear.
void tell_of_emptied(const Server& server, const ParkedRegistry& registry);

}  // namespace quemsi::postgresql_engine
