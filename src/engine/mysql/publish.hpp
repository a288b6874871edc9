// Making a parked copy a schema of somebody's.
#pragma once

#include "engine/mysql/parked.hpp"

namespace quemsi::mysql_engine {

/// By renaming, on the same server only: elsewhere is Error(unsupported). Throws Error(user) when
/// the target exists, unless `replace`; Error(busy) when that is in use, whatever the policy.
void publish(const Server& server, const ParkedRegistry& registry, const ParkedName& name,
             const DatabaseSpec& target, bool replace);

/// Throws Error(busy) with the names of who is connected to it.
void check_unused(Connection& connection, const std::string& schema);

}  // namespace quemsi::mysql_engine
