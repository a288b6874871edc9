// What ties a commit to a snapshot: its note, the trailers of its message, and what was taken
// while HEAD was at it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/workflow.hpp"

namespace quemsi {

inline constexpr std::string_view trailer_key = "Quemsi-Snapshot";

/// "snapshot: kkkkllllmmmmnnnn nightly"
std::string link_line(const Snapshot& snapshot);
/// The snapshots that a note's lines name; other lines are somebody else's.
std::vector<SnapshotId> linked_ids(const std::vector<std::string>& lines);

/// What a snapshot is called in a message: its first tag, else its id.
std::string reference_to(const Snapshot& snapshot);
/// "Quemsi-Snapshot: nightly"
std::string trailer_of(const Snapshot& snapshot);
/// What the trailers of a message name.
std::vector<std::string> trailer_values(std::string_view message);
/// By tag or whole id: references are written out.
std::optional<Snapshot> find_reference(Project& project, const std::string& reference);

/// The newest snapshot that is known here and tied to that very commit; a note counts more than
/// a trailer, and both more than the moment.
std::optional<SnapshotMatch> link_of(Project& project, const Commit& commit);
/// The same of the commit or of its nearest ancestor that is tied to one.
std::optional<SnapshotMatch> nearest_link(Project& project, const CommitId& commit);

}  // namespace quemsi
