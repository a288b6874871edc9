// Is the database there, and may we do with it what has to be done?
#pragma once

#include <optional>
#include <string>

#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {

/// Throws Error(engine) with the statements that an administrator has to run.
Probe probe(const Server& server);
/// By a maintenance connection.
Probe probe(const Server& server, Connection& connection);

/// The role must own what it renames, be outside of it, and have CREATEDB. Throws as probe() does.
void check_rights(Connection& connection, const std::string& database, const DatabaseFacts& facts);
/// What check_rights() would throw; of a database that is not there, that it may not be made.
std::optional<Error> rename_obstacle(Connection& connection, const std::string& database);
/// "PostgreSQL 15.18"
std::string version_text(const Connection& connection);
/// Throws Error(engine) for what an interrupted DROP DATABASE left.
void check_valid(const std::string& database, const DatabaseFacts& facts);

}  // namespace quemsi::postgresql_engine
