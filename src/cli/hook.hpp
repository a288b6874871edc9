// What the shims in .git/hooks call, and the background worker. Both are reached before
// anything else of the command line is set up.
#pragma once

#include <string>
#include <vector>

namespace quemsi::cli {

/// `hook NAME ARGS...`: always 0, whatever happens; one line on stderr says what was done.
/// GIT_QUEMSI_SKIP=1 makes it do nothing, GIT_QUEMSI_TRACE=1 makes it time its steps.
int run_hook(const std::vector<std::string>& words) noexcept;

/// `worker`: until no task waits. `worker --pin ID`: holds a snapshot's views first.
int run_background_worker(const std::vector<std::string>& words) noexcept;

}  // namespace quemsi::cli
