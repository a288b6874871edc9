// A connection that builds a schema.
#pragma once

#include <cstdint>
#include <string>

#include "engine/mysql/image_format.hpp"
#include "engine/mysql/server.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::mysql_engine {

/// Takes rows as they are: no foreign key, check or strictness is in the way of what another server
/// has accepted. Rows of history keep their times.
Connection open_build_session(const Server& server);
/// Makes it one again, after it has made objects.
void prepare_build_session(Connection& connection);
/// May rows of history be put into a table?
bool takes_history(const Connection& connection);
/// As fast as the server is known to do it right.
bool may_load_in_bulk(const Connection& connection);
/// After so many rows were inserted into an empty table. What MariaDB loads in bulk it may throw
/// away again when its disk is full, having said that all is well. Throws Error(io) then.
void check_arrived(Connection& connection, const std::string& schema, const TableShape& table,
                   std::uint64_t rows);
/// One statement that may take long; stops when cancelled.
void run_watched(const Server& server, Connection& connection, const std::string& sql,
                 Progress& progress);

}  // namespace quemsi::mysql_engine
