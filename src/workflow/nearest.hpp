// Where a branch that was never seen before starts.
#pragma once

#include <optional>
#include <string>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// "ancestor 12ab34cd56", "commit 12ab34cd56" where it is HEAD itself.
std::string place_of(const SnapshotMatch& match);

/// The commit that the live databases belong to: where the branch stands that they stand for.
std::optional<CommitId> live_commit(Project& project, const Owner& owner);

/// What HEAD's nearest linked ancestor is linked to, if live is further away than that: not based
/// on the same snapshot, and at no ancestor as near.
std::optional<SnapshotMatch> nearer_than_live(Project& project, const Owner& owner);

}  // namespace quemsi
