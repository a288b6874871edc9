// Taking a live database away.
#pragma once

#include "engine/postgresql/parked.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// See Database::drop_live. Renamed first: nobody comes in while it is dropped, and the transaction
/// of that rename proves what it holds.
void drop_live(const Server& server, const ParkedRegistry& registry, const Token& token,
               const ParkedName& by_way_of);

}  // namespace quemsi::postgresql_engine
