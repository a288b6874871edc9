#include "workflow/seal.hpp"

#include <algorithm>

#include "util/file_lock.hpp"
#include "workflow/snapshot_json.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

/// A removal of packs takes long only when the disk is slow.
constexpr std::chrono::seconds longest_removal{60};
/// Another process may be sealing a large image.
constexpr std::chrono::hours longest_seal{1};

void seal_content(Project& project, const Image& image, View& view, Progress& progress) {
  const auto hold = project.store().hold_packs(longest_removal);
  const SealedImage sealed = seal_unlisted(project, image.database, view, progress);
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    if (catalogue.image(image.id)) catalogue.set_sealed(image.id, sealed);
  });
}

}  // namespace

SealedImage seal_unlisted(Project& project, const std::string& database, View& view,
                          Progress& progress) {
  Store& store = project.store();
  const std::unique_ptr<ImageWriter> writer = store.write_image();
  progress.begin("sealing " + database, view.captured().bytes);
  view.write(*writer, progress);
  const SealedImage sealed = writer->commit();
  progress.end();
  progress.begin("verifying " + database, sealed.bytes);
  store.verify_image(sealed.manifest, progress);
  progress.end();
  return sealed;
}

void seal_image(Project& project, const ImageId& id, Progress& progress) {
  const FileLock lock =
      FileLock::lock(worker_item_lock(project), LockMode::exclusive, longest_seal);
  const std::optional<Image> image = project.catalogue().image(id);
  if (!image || image->manifest || !image->parked) return;
  const std::unique_ptr<View> view = project.database(image->database).open_parked(*image->parked);
  seal_content(project, *image, *view, progress);
}

void seal_view(Project& project, const ImageId& id, View& view, Progress& progress) {
  const std::optional<Image> image = project.catalogue().image(id);
  if (image && !image->manifest) seal_content(project, *image, view, progress);
}

void write_snapshot_record(Project& project, const SnapshotId& id) {
  Store& store = project.store();
  Catalogue& catalogue = project.catalogue();
  const auto hold = store.hold_packs(longest_removal);
  std::optional<Snapshot> snapshot = catalogue.snapshot(id);
  if (!snapshot || snapshot->pending) return;
  const bool sealed = std::all_of(snapshot->images.begin(), snapshot->images.end(),
                                  [](const Image& image) { return image.manifest.has_value(); });
  if (!sealed) return;
  for (Image& image : snapshot->images) image.parked.reset();
  const nlohmann::json record = {{"format", 1},
                                 {"written_at", project.now().time_since_epoch().count()},
                                 {"snapshot", snapshot_to_json(*snapshot)}};
  const ChunkLocation written = store.write_record(record.dump());
  catalogue.transaction([&] {
    if (catalogue.snapshot(id)) catalogue.set_record(id, written.entry.id, written.pack);
  });
}

}  // namespace quemsi
