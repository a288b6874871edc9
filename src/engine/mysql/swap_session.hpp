// The session that exchanges holds a user-level lock, by which another process finds it.
#pragma once

#include <chrono>
#include <string>

#include "engine/mysql/connection.hpp"

namespace quemsi::mysql_engine {

/// For whoever settles this when we are no more. Throws Error(busy).
void take_swap_lock(Connection& connection, const std::string& lock, const std::string& live);
/// The session of a process that was killed goes when its statement is done. One that waits for a
/// lock is ended; any other must not be: a trigger that is replaced at that moment would be
/// damaged.
void end_swap_session(Connection& connection, const std::string& lock, const std::string& live,
                      std::chrono::milliseconds limit);

}  // namespace quemsi::mysql_engine
