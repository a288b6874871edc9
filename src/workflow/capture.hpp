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

/// The image holds what `sealed` holds, and needs no copy of its own.
void hold_same_content(Image& image, const Image& sealed);

struct CapturedDatabase {
  Image image;
  std::optional<Token> token;
};

/// The content of live databases at one moment, with the journal entry that covers them
/// until the catalogue names them.
struct Capture {
  std::vector<CapturedDatabase> databases;
  std::int64_t journal = 0;
};

/// An image for each database that exists: the base's sealed content where live is
/// provably unchanged, else one that is yet to be captured (see needs_capture).
std::vector<CapturedDatabase> plan_capture(Project& project, const Owner& owner,
                                           const std::vector<std::string>& databases,
                                           Content content);
bool needs_capture(const Image& image);

/// Copies beside what needs it. None, with nothing left behind, when one of the
/// copies would exceed `limit`.
std::optional<Capture> capture_live(Project& project, const Owner& owner,
                                    const std::vector<std::string>& databases, Content content,
                                    CopyLimit limit, Progress& progress);

std::vector<ParkedCopy> parked_copies(const Capture& capture);

}  // namespace quemsi
