#pragma once

#include <optional>
#include <string>

#include "engine/postgresql/parked.hpp"
#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// A parked copy of live while applications stay connected. The server itself can only copy a
/// database that nobody uses: so it is read and built anew, and rows are copied only without limit.
std::optional<Captured> copy_live(const Server& server, const ParkedRegistry& registry,
                                  const ParkedName& to, Content content, CopyLimit limit,
                                  Progress& progress);

/// Removes all rows and large objects of a parked copy, and sets its sequences back; all or
/// nothing.
void empty_parked(const Server& server, const std::string& database);

}  // namespace quemsi::postgresql_engine
