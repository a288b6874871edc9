#pragma once

#include <vector>

#include "engine/postgresql/script.hpp"
#include "engine/postgresql/session.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::postgresql_engine {

/// Runs a script by all sessions at once, as far as its statements do not need one another.
void build(const Script& script, std::vector<BuildSession>& sessions, Progress& progress);

}  // namespace quemsi::postgresql_engine
