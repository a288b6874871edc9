// Which branch is which, whatever it is called now.
#pragma once

#include <optional>
#include <string>

#include "quemsi/workflow.hpp"

namespace quemsi {

struct BranchIdentity {
  std::string name;
  BranchKey key;
};

/// The branch that HEAD is on; none when detached. A branch without a key, or
/// with one that `git branch -c` copied from another, is given one of its own.
std::optional<BranchIdentity> current_branch(Project& project);

/// As current_branch, writing nothing: none for a branch without a key of its own.
std::optional<BranchIdentity> known_branch(Project& project);

/// What the branch that the owner stands for is called now; its last known name when it is gone,
/// empty for none.
std::string present_name(Project& project, const Owner& owner);

/// HEAD's branch by name; empty when detached.
std::string head_branch_name(Project& project);

}  // namespace quemsi
