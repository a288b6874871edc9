// Tells schemas apart without reading a row.
#pragma once

#include <optional>
#include <string>

#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {

/// Of the statements that make the schema's tables, views, triggers, routines and events; what is
/// counted (AUTO_INCREMENT, sequences) is left out, and so are definers where objects that are made
/// again do not keep them. None when there is no such schema.
std::optional<std::string> schema_hash(const Server& server);

}  // namespace quemsi::mysql_engine
