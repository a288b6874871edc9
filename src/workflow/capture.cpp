#include "workflow/capture.hpp"

#include "workflow/copies.hpp"

namespace quemsi {
namespace {

Capture announced(Project& project, const std::vector<std::string>& databases, Content content) {
  Capture capture;
  for (const std::string& name : databases) {
    if (!project.database(name).probe().exists) continue;
    capture.databases.push_back({new_image(project, name, content), std::nullopt});
  }
  capture.journal = announce_copies(project, parked_copies(capture));
  return capture;
}

bool copy_all(Project& project, Capture& capture, CopyLimit limit, Progress& progress) {
  for (auto& [image, token] : capture.databases) {
    const std::optional<Captured> copied =
        project.database(image.database).copy_live(*image.parked, image.content, limit, progress);
    if (!copied) return false;
    image.bytes = copied->bytes;
    token = copied->token;
  }
  return true;
}

}  // namespace

Snapshot new_snapshot(Project& project, const Owner& owner, SnapshotKind kind) {
  return {.id = new_snapshot_id(),
          .kind = kind,
          .branch = owner.branch_name,
          .branch_key = owner.branch,
          .commit = project.repository().head().commit,
          .parent = owner.base,
          .author = project.repository().author(),
          .created_at = project.now()};
}

Image new_image(Project& project, const std::string& database, Content content) {
  Image image{.id = new_image_id(), .database = database, .content = content};
  for (const DatabaseSpec& spec : project.config().databases) {
    if (spec.name == database) image.engine = spec.engine;
  }
  image.parked = parked_name(image.id);
  return image;
}

std::vector<ParkedCopy> parked_copies(const Capture& capture) {
  std::vector<ParkedCopy> copies;
  for (const CapturedDatabase& captured : capture.databases) {
    copies.push_back({captured.image.database, *captured.image.parked});
  }
  return copies;
}

std::optional<Capture> capture_live(Project& project, const std::vector<std::string>& databases,
                                    Content content, CopyLimit limit, Progress& progress) {
  Capture capture = announced(project, databases, content);
  try {
    if (copy_all(project, capture, limit, progress)) return capture;
  } catch (...) {
    discard_copies(project, capture.journal, parked_copies(capture));
    throw;
  }
  discard_copies(project, capture.journal, parked_copies(capture));
  return std::nullopt;
}

}  // namespace quemsi
