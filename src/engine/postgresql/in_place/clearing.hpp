// Taking out of a database what an image carries.
#pragma once

#include "engine/postgresql/in_place/live_hold.hpp"

namespace quemsi::postgresql_engine {

/// Drops everything that the application's role may make again. What stays are the schema `public`,
/// as it is in a new database, and extensions that only an administrator installs. Throws
/// Error(engine) for what belongs to others.
void clear_database(LiveHold& hold);

/// Throws Error(engine) when the database holds what its role could neither drop nor make again.
/// `connection` is in it.
void check_may_clear(Connection& connection);

/// Nothing of anybody's is in it.
bool is_vacant(Connection& connection);

}  // namespace quemsi::postgresql_engine
