// Taking a live database away.
#pragma once

#include <chrono>
#include <filesystem>

#include "engine/sqlite/parked.hpp"
#include "quemsi/ids.hpp"

namespace quemsi::sqlite_engine {

/// See Database::drop_live. Throws Error(busy) as well where the system grants no leases.
void drop_live(const std::filesystem::path& live, const ParkedFolder& parked, const Token& token,
               const ParkedName& by_way_of, std::chrono::milliseconds busy_timeout);

}  // namespace quemsi::sqlite_engine
