// The keys by which we know branches, through renames.
#pragma once

#include "git/git_command.hpp"
#include "quemsi/git.hpp"

namespace quemsi {

/// From `branch.<name>.quemsi` in the repository's own config file, which is where
/// git keeps them when it renames, copies and deletes branches. Reads the file itself
/// where that is safe: it saves every hook a process.
BranchKeys read_branch_keys(const GitCommand& git);

}  // namespace quemsi
