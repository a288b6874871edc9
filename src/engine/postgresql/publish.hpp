// Making a parked copy a database of somebody's.
#pragma once

#include "engine/postgresql/parked.hpp"
#include "engine/postgresql/server.hpp"

namespace quemsi::postgresql_engine {

/// By renaming, on the same server only: elsewhere is Error(unsupported). Throws Error(user) when
/// the target exists, unless `replace`; Error(busy) when that is in use, whatever the policy.
void publish(const Server& server, const ParkedRegistry& registry, const ParkedName& name,
             const DatabaseSpec& target, bool replace);

}  // namespace quemsi::postgresql_engine
