// How notes and commit messages name snapshots. What is read here may come from anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quemsi/catalogue.hpp"

namespace quemsi {

inline constexpr std::string_view trailer_key = "Quemsi-Snapshot";

/// True for a whole one.
bool is_snapshot_id(const std::string& text);

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

}  // namespace quemsi
