// Is the schema there, and may we do with it what has to be done?
#pragma once

#include <optional>

#include "engine/mysql/definers.hpp"
#include "engine/mysql/server.hpp"
#include "quemsi/engine.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {

/// Does not look at rights.
Probe probe(const Server& server, Connection& connection);

/// What MySQL lets only those drop who have the privilege SYSTEM_USER, it does not tell: found out
/// in the middle of an exchange, it would be too late. Throws Error(engine).
void check_may_drop(Connection& connection, const std::string& schema, const SchemaObjects& objects,
                    const Definers& definers);

/// The user must have all privileges on the schema, and on parked copies. Throws Error(engine) with
/// the statements that an administrator has to run; says nothing where privileges come from roles,
/// which cannot be looked up.
void check_rights(Connection& connection, const std::string& schema);
/// On the schema alone.
void check_rights_in_place(Connection& connection, const std::string& schema);

/// Why the schema cannot be exchanged by renaming tables, which everything in it can be by copying
/// rows; none when it can.
std::optional<Error> rename_obstacle(Connection& connection, const std::string& schema);

}  // namespace quemsi::mysql_engine
