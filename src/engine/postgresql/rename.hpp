// Renaming databases that others try to connect to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/postgresql/holders.hpp"

namespace quemsi::postgresql_engine {

/// From, to.
using Renames = std::vector<std::pair<std::string, std::string>>;

/// Empty when they were renamed, but the proof was lost.
struct Renamed {
  std::int64_t transaction = 0;
  std::string snapshot;  ///< of transactions, taken right after it: xmin:xmax:xip,xip
  std::string writes;    ///< see count_of_writes(): of what was renamed last, nobody being in it
};

/// An expression: how many rows of that database have been written, as far as its sessions have
/// told by now; those that have ended have told. Empty before 15, where they are heard later, or
/// never.
std::string count_of_writes(const Connection& connection, const std::string& database);

/// All or none, in order and in one transaction. `way` knows the databases whose
/// connections are in the way. Throws Error(busy) when its time is over, or when a transaction has
/// ended on the server since `snapshot`. What has thrown has renamed nothing, unless the connection
/// was lost and no other can be made.
Renamed rename_databases(const Server& server, Connection& connection, const Renames& renames,
                         const std::optional<std::string>& snapshot, WayClearer& way);

[[noreturn]] void throw_changed(const std::string& database);

}  // namespace quemsi::postgresql_engine
