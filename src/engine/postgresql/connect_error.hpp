// What a server that does not let us in means to a person.
#pragma once

#include <libpq-fe.h>

#include <string>

#include "engine/postgresql/url.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {

/// Why `connection`, set to verbose errors, could not be opened. The SQLSTATE is empty when no
/// server answered.
Error connect_error(const ConnectInfo& info, const PGconn* connection);
/// Error(busy): no answer in time.
Error connect_timeout(const ConnectInfo& info);
/// The session ended by itself.
Error connection_lost(const PGconn* connection, const std::string& state);

}  // namespace quemsi::postgresql_engine
