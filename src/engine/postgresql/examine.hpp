// What could be better about a database and its server.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/postgresql/server.hpp"
#include "quemsi/finding.hpp"

namespace quemsi::postgresql_engine {

std::vector<Finding> examine(const Server& server);

/// Where the server keeps its data. None unless it is on this machine and tells this role where.
std::optional<std::uint64_t> free_bytes(const Server& server);

}  // namespace quemsi::postgresql_engine
