// What a HEAD that is on no branch does to the databases.
#pragma once

#include "quemsi/workflow.hpp"

namespace quemsi {

DetachedHead detached_policy(Project& project, GitOperation operation);

/// Says that the databases stay, and how to get others.
FollowResult detached_line(const Owner& owner);

/// For `nearest`: the databases get what is linked to HEAD or to its nearest ancestor, and stand
/// for no branch. The caller holds the operation lock and has reconciled.
FollowResult follow_detached(Project& project, const Owner& owner, Progress& progress);

}  // namespace quemsi
