// From parked to sealed: into the store, read back, then known to the catalogue.
#pragma once

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Seals one parked image and verifies it by reading it back. Does nothing when
/// it is sealed already, or gone. Throws; the parked copy stays as it is.
void seal_image(Project& project, const ImageId& id, Progress& progress);

/// Seals what an open view shows, for an image that has no parked copy.
void seal_view(Project& project, const ImageId& id, View& view, Progress& progress);

/// Seals and verifies what the catalogue does not name yet. The caller holds the store's packs
/// until it does.
SealedImage seal_unlisted(Project& project, const std::string& database, View& view,
                          Progress& progress);

/// Writes the snapshot's record into the store once all its images are sealed,
/// so that the catalogue can be rebuilt. Does nothing before, or when it is gone.
void write_snapshot_record(Project& project, const SnapshotId& id);

}  // namespace quemsi
