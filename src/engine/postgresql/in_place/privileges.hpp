// Privileges that no object takes with it when it is dropped.
#pragma once

#include "engine/postgresql/connection.hpp"

namespace quemsi::postgresql_engine {

/// Default privileges, and the schema `public` (its privileges, owner and comment), back to what
/// they are in a new database, as far as the role may.
void reset_privileges(Connection& connection);

/// As CREATE DATABASE makes it, unless it is there.
void make_public_schema(Connection& connection);

}  // namespace quemsi::postgresql_engine
