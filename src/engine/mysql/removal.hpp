// Taking a live schema away.
#pragma once

#include "engine/mysql/server.hpp"
#include "quemsi/ids.hpp"

namespace quemsi::mysql_engine {

/// See Database::drop_live. The tables go while they are locked against everybody, the schema with
/// the rest of its objects when it has none any more: one that somebody makes meanwhile stays, and
/// Error(busy) says so.
void drop_live(const Server& server, const Token& token);

}  // namespace quemsi::mysql_engine
