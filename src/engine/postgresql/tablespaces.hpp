// Where on its disks a server keeps what is built from an image: another one has other places.
#pragma once

#include <string>
#include <vector>

#include "engine/postgresql/connection.hpp"
#include "engine/postgresql/script.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// The database's own, for its header; empty for the server's default.
std::string read_tablespace(Connection& connection);

/// What CREATE DATABASE is told. What is missing, or not for us to use, is told to `lost`, for
/// humans: the default is used in its place.
std::string tablespace_option(Connection& connection, const ImageHeader& header,
                              std::vector<std::string>& lost);

/// The same for what the scripts make in the database that `connection` is in.
void settle_tablespaces(Connection& connection, Script& script, std::vector<std::string>& lost);

}  // namespace quemsi::postgresql_engine
