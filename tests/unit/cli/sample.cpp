#include "unit/cli/sample.hpp"

namespace quemsi::test {

Snapshot sample_snapshot() {
  Image image{.id = ImageId("zzzzzzzzzzzzzzzz"), .database = "app", .engine = "sqlite"};
  image.bytes = 12ULL << 20;
  image.stored_bytes = 1ULL << 20;
  image.manifest = ChunkId(ChunkId::Bytes{});
  Snapshot snapshot{.id = SnapshotId("klmnopqrstuvwxyz")};
  snapshot.tags = {"baseline"};
  snapshot.description = "First customers";
  snapshot.branch = "main";
  snapshot.commit = CommitId("0123456789abcdef0123456789abcdef01234567");
  snapshot.author = "Ada <ada@example.org>";
  snapshot.created_at = sample_time;
  snapshot.images = {image};
  return snapshot;
}

RestoreStep sample_step() {
  return {.database = "app",
          .target = "sqlite:db/app.sqlite3",
          .means = Means::swap,
          .bytes = 12ULL << 20,
          .dirty = true};
}

}  // namespace quemsi::test
