// What could be better about a schema and its server.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/mysql/server.hpp"
#include "quemsi/finding.hpp"

namespace quemsi::mysql_engine {

std::vector<Finding> examine(const Server& server);

/// Where the server keeps its data. None unless it is on this machine.
std::optional<std::uint64_t> free_bytes(const Server& server);

}  // namespace quemsi::mysql_engine
