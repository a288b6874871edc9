// Statements that take long, and that the user may cancel.
#pragma once

#include <string>

#include "engine/postgresql/connection.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::postgresql_engine {

/// Throws what the statement threw, or what `progress` did; then the statement has ended, but it
/// may have been done before the server heard that it should not.
void run_watched(Connection& connection, const std::string& sql, Progress& progress);

}  // namespace quemsi::postgresql_engine
