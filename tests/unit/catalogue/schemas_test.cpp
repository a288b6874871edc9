#include "fixture.hpp"

namespace quemsi {
namespace {

class SchemasTest : public CatalogueTest {
 protected:
  Snapshot insert(const std::string& commit, int age) {
    Snapshot snapshot{.id = new_snapshot_id()};
    if (!commit.empty()) snapshot.commit = CommitId(commit);
    snapshot.created_at = Timestamp{std::chrono::milliseconds(1'000'000 - age)};
    catalogue().insert_snapshot(snapshot);
    return snapshot;
  }
};

TEST_F(SchemasTest, AreKeptWithTheirSnapshotAndGoWithIt) {
  const Snapshot snapshot = insert("", 0);
  EXPECT_FALSE(catalogue().schema(snapshot.id));
  catalogue().set_schema(snapshot.id, "one");
  catalogue().set_schema(snapshot.id, "two");
  reopen();
  EXPECT_EQ(catalogue().schema(snapshot.id), "two");
  catalogue().remove_snapshot(snapshot.id);
  EXPECT_FALSE(catalogue().schema(snapshot.id));
}

TEST_F(SchemasTest, SnapshotsAreFoundByTheirCommitNewestFirst) {
  const std::string commit(40, 'a');
  const Snapshot older = insert(commit, 2);
  const Snapshot newer = insert(commit, 1);
  insert(std::string(40, 'b'), 0);
  const Snapshot unborn = insert("", 0);
  const std::vector<Snapshot> found = catalogue().snapshots_at(CommitId(commit));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, newer.id);
  EXPECT_EQ(found[1].id, older.id);
  ASSERT_EQ(catalogue().snapshots_at(std::nullopt).size(), 1U);
  EXPECT_EQ(catalogue().snapshots_at(std::nullopt)[0].id, unborn.id);
}

}  // namespace
}  // namespace quemsi
