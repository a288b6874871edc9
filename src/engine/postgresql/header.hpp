// An image's header: what a new database must be like to take the rest.
#pragma once

#include <string>

#include "engine/postgresql/connection.hpp"
#include "engine/postgresql/properties.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// Of the database that `connection` is in.
ImageHeader read_header(Connection& connection, Content content);

/// Throws Error(corrupt) for another engine's or a damaged header, Error(unsupported) for that of
/// a newer release.
void check_header(const ImageHeader& header);

/// Of the database; empty for the server's default.
std::string tablespace_of(const ImageHeader& header);

/// What follows the name in CREATE DATABASE, for a server of `version`.
std::string create_options(const ImageHeader& header, int version);
/// The database had dropped the schema that every new one has.
bool lacks_public_schema(const ImageHeader& header);

}  // namespace quemsi::postgresql_engine
