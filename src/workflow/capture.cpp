#include "workflow/capture.hpp"

#include "workflow/branches.hpp"
#include "workflow/copies.hpp"
#include "workflow/live.hpp"
#include "workflow/room.hpp"

namespace quemsi {
namespace {

bool copy_all(Project& project, Capture& capture, CopyLimit limit, Progress& progress) {
  for (auto& [image, token] : capture.databases) {
    if (!needs_capture(image)) continue;
    if (limit != CopyLimit::instant) require_room(project, image.database, image.bytes);
    const std::optional<Captured> copied =
        project.database(image.database).copy_live(*image.parked, image.content, limit, progress);
    if (!copied) return false;
    image.bytes = copied->bytes;
    token = copied->token;
  }
  return true;
}

std::uint64_t bytes_to_capture(const Capture& capture) {
  std::uint64_t bytes = 0;
  for (const CapturedDatabase& captured : capture.databases) {
    if (needs_capture(captured.image)) bytes += captured.image.bytes;
  }
  return bytes;
}

/// What the base holds sealed and live provably still holds.
const Image* unchanged_image(Project& project, const Owner& owner,
                             const std::optional<Snapshot>& base, const std::string& name) {
  const Image* image = base ? find_image(*base, name) : nullptr;
  if (image == nullptr || !image->manifest || image->content != Content::all) return nullptr;
  return is_dirty(project, owner, name) ? nullptr : image;
}

/// Where the branch stands whose state is kept: inside the hook HEAD is elsewhere already. What
/// somebody asks for on a detached HEAD is of that commit.
std::optional<CommitId> commit_of(Project& project, const Owner& owner, SnapshotKind kind) {
  const Repository& repository = project.repository();
  Head head = repository.head();
  const std::string branch = present_name(project, owner);
  const bool asked_for = !head.branch && kind == SnapshotKind::manual;
  if (asked_for || branch.empty() || head.branch == branch) return head.commit;
  auto commit = repository.resolve_commit("refs/heads/" + branch);
  return commit ? commit : head.commit;  // none: it was deleted
}

}  // namespace

bool needs_capture(const Image& image) { return !image.manifest; }

std::vector<CapturedDatabase> plan_capture(Project& project, const Owner& owner,
                                           const std::vector<std::string>& databases,
                                           Content content) {
  const std::optional<Snapshot> base = base_snapshot(project, owner);
  std::vector<CapturedDatabase> planned;
  for (const std::string& name : databases) {
    const Probe probe = project.database(name).probe();
    if (!probe.exists) continue;
    CapturedDatabase captured{new_image(project, name, content), std::nullopt};
    captured.image.bytes = probe.bytes;
    const Image* same =
        content == Content::all ? unchanged_image(project, owner, base, name) : nullptr;
    if (same != nullptr) {
      hold_same_content(captured.image, *same);
      captured.token = owner.tokens.at(name);
    }
    planned.push_back(std::move(captured));
  }
  return planned;
}

void hold_same_content(Image& image, const Image& sealed) {
  image.parked.reset();
  image.bytes = sealed.bytes;
  image.manifest = sealed.manifest;
  image.packs = sealed.packs;
}

Snapshot new_snapshot(Project& project, const Owner& owner, SnapshotKind kind) {
  return {.id = new_snapshot_id(),
          .kind = kind,
          .branch = owner.branch_name,
          .branch_key = owner.branch,
          .commit = commit_of(project, owner, kind),
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
    if (!needs_capture(captured.image)) continue;
    copies.push_back({captured.image.database, *captured.image.parked});
  }
  return copies;
}

std::optional<Capture> capture_live(Project& project, const Owner& owner,
                                    const std::vector<std::string>& databases, Content content,
                                    CopyLimit limit, Progress& progress) {
  Capture capture{plan_capture(project, owner, databases, content)};
  if (limit != CopyLimit::instant) require_room_in_store(project, bytes_to_capture(capture));
  capture.journal = announce_copies(project, parked_copies(capture));
  try {
    if (copy_all(project, capture, limit, progress)) return capture;
  } catch (...) {
    try_to_discard_copies(project, capture.journal, parked_copies(capture));
    throw;
  }
  discard_copies(project, capture.journal, parked_copies(capture));
  return std::nullopt;
}

}  // namespace quemsi
