// New snapshots of what is live now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quemsi/workflow.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {

/// A snapshot of that kind without images, under the branch that the owner names.
Snapshot new_snapshot(Project& project, const Owner& owner, SnapshotKind kind);

/// An image of `database` that is to be parked under its own id's name.
Image new_image(Project& project, const std::string& database, Content content);

struct CapturedDatabase {
  Image image;
  std::optional<Token> token;
};

/// Parked copies of live databases, with the journal entry that covers them
/// until the catalogue names them.
struct Capture {
  std::vector<CapturedDatabase> databases;
  std::int64_t journal = 0;
};

/// Copies each database beside. None, with nothing left behind, when one of them
/// would exceed `limit`. Databases that do not exist are left out.
std::optional<Capture> capture_live(Project& project, const std::vector<std::string>& databases,
                                    Content content, CopyLimit limit, Progress& progress);

std::vector<ParkedCopy> parked_copies(const Capture& capture);

}  // namespace quemsi
