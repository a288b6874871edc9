// Is the schema there, and may we do with it what has to be done?
#pragma once

#include "engine/mysql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

/// Throws Error(engine) with the statements that an administrator has to run.
Probe probe(const Server& server);

/// The user must have all privileges on the schema and on parked copies. Throws as probe() does;
/// says nothing where privileges come from roles, which cannot be looked up.
void check_rights(Connection& connection, const std::string& schema);

}  // namespace quemsi::mysql_engine
