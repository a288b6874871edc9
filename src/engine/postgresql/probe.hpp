// Is the database there, and may we do with it what has to be done?
#pragma once

#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// Throws Error(engine) with the statements that an administrator has to run.
Probe probe(const Server& server);

/// The role must own what it renames, and have CREATEDB. Throws as probe() does.
void check_rights(Connection& connection, const std::string& database, const DatabaseFacts& facts);
/// Throws Error(engine) for what an interrupted DROP DATABASE left.
void check_valid(const std::string& database, const DatabaseFacts& facts);

}  // namespace quemsi::postgresql_engine
