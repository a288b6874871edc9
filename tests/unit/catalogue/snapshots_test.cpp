#include "fixture.hpp"

namespace quemsi {
namespace {

class SnapshotsTest : public CatalogueTest {
 protected:
  Snapshot inserted(std::int64_t time, std::optional<SnapshotId> parent = std::nullopt) {
    Snapshot snapshot = some_snapshot(time);
    snapshot.parent = std::move(parent);
    catalogue().insert_snapshot(snapshot);
    return snapshot;
  }
};

TEST_F(SnapshotsTest, GivesBackEveryField) {
  const Snapshot parent = inserted(1);
  Snapshot snapshot{.id = new_snapshot_id(),
                    .kind = SnapshotKind::safety,
                    .tags = {"a tag", nasty_text()},
                    .description = nasty_text(),
                    .branch = nasty_text(),
                    .branch_key = new_branch_key(),
                    .commit = CommitId(std::string(64, 'a')),
                    .parent = parent.id,
                    .author = nasty_text(),
                    .created_at = at(1'700'000'000'123)};
  Image image = some_image(nasty_text());
  image.content = Content::schema;
  image.bytes = std::uint64_t{1} << 40;
  image.stored_bytes = 7;
  image.parked = parked_name(image.id);
  image.manifest = chunk_id(9);
  image.packs = {"a.pack", "b.pack"};
  snapshot.images = {image, some_image("zweite")};
  catalogue().insert_snapshot(snapshot);
  reopen();

  const std::optional<Snapshot> found = catalogue().snapshot(snapshot.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, SnapshotKind::safety);
  EXPECT_EQ(found->tags, snapshot.tags);
  EXPECT_EQ(found->description, snapshot.description);
  EXPECT_EQ(found->branch, snapshot.branch);
  EXPECT_EQ(found->branch_key, snapshot.branch_key);
  EXPECT_EQ(found->commit, snapshot.commit);
  EXPECT_EQ(found->parent, parent.id);
  EXPECT_EQ(found->author, snapshot.author);
  EXPECT_EQ(found->created_at, snapshot.created_at);
  EXPECT_FALSE(found->pending);
  ASSERT_EQ(found->images.size(), 2U);
  const Image& first = found->images[0];
  EXPECT_EQ(first.id, image.id);
  EXPECT_EQ(first.database, image.database);
  EXPECT_EQ(first.content, Content::schema);
  EXPECT_EQ(first.bytes, image.bytes);
  EXPECT_EQ(first.stored_bytes, 7U);
  EXPECT_EQ(first.parked, image.parked);
  EXPECT_EQ(first.manifest, image.manifest);
  EXPECT_EQ(first.packs, image.packs);
  EXPECT_EQ(found->images[1].database, "zweite");
  EXPECT_FALSE(found->images[1].parked);
}

TEST_F(SnapshotsTest, ListsTheLastTakenFirstWhateverTheClockSaidAndFilters) {
  Snapshot old = some_snapshot(3);
  old.branch = "it's";
  const Snapshot middle = some_snapshot(2);
  Snapshot young = some_snapshot(1);
  young.kind = SnapshotKind::checkpoint;
  for (const Snapshot& snapshot : {old, middle, young}) catalogue().insert_snapshot(snapshot);

  const std::vector<Snapshot> all = catalogue().snapshots();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].id, young.id);
  EXPECT_EQ(all[2].id, old.id);
  ASSERT_EQ(catalogue().snapshots({.branch = "it's"}).size(), 1U);
  ASSERT_EQ(catalogue().snapshots({.kind = SnapshotKind::checkpoint}).size(), 1U);
  const std::vector<Snapshot> limited = catalogue().snapshots({.limit = 2});
  ASSERT_EQ(limited.size(), 2U);
  EXPECT_EQ(limited[1].id, middle.id);
}

TEST_F(SnapshotsTest, LeavesPendingOnesOutOfEveryList) {
  Snapshot pending = some_snapshot();
  pending.pending = true;
  catalogue().insert_snapshot(pending);
  EXPECT_TRUE(catalogue().snapshots().empty());
  EXPECT_TRUE(catalogue().snapshots_by_prefix(pending.id.str()).empty());
  EXPECT_EQ(catalogue().snapshot_count(), 0U);
  ASSERT_EQ(catalogue().pending_snapshots().size(), 1U);
  catalogue().set_pending(pending.id, false);
  EXPECT_EQ(catalogue().snapshots().size(), 1U);
}

TEST_F(SnapshotsTest, FindsByPrefixLiterally) {
  const Snapshot snapshot = inserted(1);
  EXPECT_EQ(catalogue().snapshots_by_prefix(snapshot.id.str().substr(0, 5)).size(), 1U);
  EXPECT_TRUE(catalogue().snapshots_by_prefix("%").empty());
}

TEST_F(SnapshotsTest, RefusesATagThatAnotherHas) {
  const Snapshot first = inserted(1);
  const Snapshot second = inserted(2);
  catalogue().add_tag(first.id, "t");
  catalogue().add_tag(first.id, "t");
  EXPECT_THROW(catalogue().add_tag(second.id, "t"), Error);
  EXPECT_EQ(catalogue().snapshot_by_tag("t"), first.id);
  catalogue().remove_tag("t");
  EXPECT_FALSE(catalogue().snapshot_by_tag("t"));
}

TEST_F(SnapshotsTest, RemovingOneHandsItsChildrenAndTipsToItsParent) {
  const Snapshot root = inserted(1);
  const Snapshot removed = inserted(2, root.id);
  const Snapshot child = inserted(3, removed.id);
  const BranchKey key = new_branch_key();
  catalogue().set_tip({key, "main", removed.id});
  catalogue().add_tag(removed.id, "gone");
  catalogue().remove_snapshot(removed.id);
  EXPECT_EQ(catalogue().snapshot(child.id)->parent, root.id);
  EXPECT_EQ(catalogue().tip(key)->snapshot, root.id);
  EXPECT_FALSE(catalogue().snapshot_by_tag("gone"));
  EXPECT_TRUE(catalogue().check().empty());
}

TEST_F(SnapshotsTest, RemovingARootRemovesItsTips) {
  const Snapshot root = inserted(1);
  const BranchKey key = new_branch_key();
  catalogue().set_tip({key, "main", root.id});
  catalogue().remove_snapshot(root.id);
  EXPECT_FALSE(catalogue().tip(key));
}

TEST_F(SnapshotsTest, RemovingABaseMakesItsOwnerCountAsChanged) {
  const Snapshot base = inserted(1);
  Owner owner{.worktree = WorktreeId("main"), .base = base.id};
  owner.tokens.emplace("app", Token("proof"));
  owner.locations.emplace("app", "/db");
  catalogue().set_owner(owner);
  catalogue().remove_snapshot(base.id);
  const std::optional<Owner> after = catalogue().owner(WorktreeId("main"));
  EXPECT_FALSE(after->base);
  EXPECT_TRUE(after->tokens.empty());
  EXPECT_EQ(after->locations.at("app"), "/db");
}

TEST_F(SnapshotsTest, ListsTenThousandWithTagsAndImages) {
  constexpr int many = 10'000;
  catalogue().transaction([&] {
    for (int i = 0; i < many; ++i) {
      Snapshot snapshot = some_snapshot(i);
      snapshot.tags = {"tag " + std::to_string(i)};
      snapshot.images = {some_image("a"), some_image("b")};
      catalogue().insert_snapshot(snapshot);
    }
  });
  const std::vector<Snapshot> all = catalogue().snapshots();
  ASSERT_EQ(all.size(), static_cast<std::size_t>(many));
  EXPECT_EQ(all.front().tags.front(), "tag 9999");
  EXPECT_EQ(all.back().images.size(), 2U);
}

}  // namespace
}  // namespace quemsi
