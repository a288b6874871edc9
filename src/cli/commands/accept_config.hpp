// Trust, as `install` and `trust` give it.
#pragma once

#include "cli/session.hpp"

namespace quemsi::cli {

/// Shows what changes against what was trusted last, then trusts it.
void accept_config(Session& session);

}  // namespace quemsi::cli
