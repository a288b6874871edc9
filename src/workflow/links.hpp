// What ties a commit to a snapshot: its note, the trailers of its message, and what was taken
// while HEAD was at it.
#pragma once

#include <optional>
#include <string>

#include "quemsi/workflow.hpp"
#include "workflow/link_text.hpp"

namespace quemsi {

/// By tag or whole id: references are written out.
std::optional<Snapshot> find_reference(Project& project, const std::string& reference);

/// The newest snapshot that is known here and tied to that very commit; a note counts more than
/// a trailer, and both more than the moment.
std::optional<SnapshotMatch> link_of(Project& project, const Commit& commit);
/// The same of the commit or of its nearest ancestor that is tied to one.
std::optional<SnapshotMatch> nearest_link(Project& project, const CommitId& commit);

}  // namespace quemsi
