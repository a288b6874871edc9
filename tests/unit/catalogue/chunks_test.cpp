#include "fixture.hpp"

namespace quemsi {
namespace {

PackEntry entry(unsigned char fill, std::uint64_t offset) {
  return {.id = chunk_id(fill),
          .kind = ChunkKind::data,
          .offset = offset,
          .stored_bytes = 10,
          .raw_bytes = 20};
}

class ChunksTest : public CatalogueTest {
 protected:
  Image sealed_in(std::vector<std::string> packs) {
    Snapshot snapshot = some_snapshot();
    snapshot.images = {some_image("app")};
    catalogue().insert_snapshot(snapshot);
    catalogue().set_sealed(snapshot.images[0].id, some_seal(1, std::move(packs)));
    return snapshot.images[0];
  }
};

TEST_F(ChunksTest, FindsWhatAPackHolds) {
  catalogue().add_pack({"p.pack", 100}, std::vector{entry(1, 8), entry(2, 18)});
  const std::optional<ChunkLocation> found = catalogue().find(chunk_id(2));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pack, "p.pack");
  EXPECT_EQ(found->entry.offset, 18U);
  EXPECT_EQ(found->entry.stored_bytes, 10U);
  EXPECT_EQ(found->entry.raw_bytes, 20U);
  EXPECT_FALSE(catalogue().find(chunk_id(3)));
  EXPECT_EQ(catalogue().packs().size(), 1U);
}

TEST_F(ChunksTest, ForgetsAPackWithItsChunks) {
  catalogue().add_pack({"p.pack", 100}, std::vector{entry(1, 8)});
  catalogue().remove_pack("p.pack");
  EXPECT_FALSE(catalogue().find(chunk_id(1)));
  EXPECT_TRUE(catalogue().packs().empty());
}

TEST_F(ChunksTest, StillFindsAChunkThatWasStoredTwiceWhenOneCopyGoes) {
  catalogue().add_pack({"p.pack", 100}, std::vector{entry(1, 8)});
  catalogue().add_pack({"q.pack", 100}, std::vector{entry(1, 9)});
  catalogue().remove_pack("p.pack");
  ASSERT_TRUE(catalogue().find(chunk_id(1)));
  EXPECT_EQ(catalogue().find(chunk_id(1))->pack, "q.pack");
}

TEST_F(ChunksTest, CallsAPackUnusedOnlyWhenNeitherImageNorRecordNeedsIt) {
  for (const char* name : {"image.pack", "record.pack", "unused.pack"}) {
    catalogue().add_pack({name, 1}, {});
  }
  const Image image = sealed_in({"image.pack"});
  const SnapshotId snapshot = *catalogue().snapshot_of_image(image.id);
  catalogue().set_record(snapshot, chunk_id(5), "record.pack");
  EXPECT_EQ(catalogue().record(snapshot), chunk_id(5));
  ASSERT_EQ(catalogue().unused_packs().size(), 1U);
  EXPECT_EQ(catalogue().unused_packs().front().name, "unused.pack");
  catalogue().remove_snapshot(snapshot);
  EXPECT_EQ(catalogue().unused_packs().size(), 3U);
}

TEST_F(ChunksTest, LeavesNoReadTransactionOpen) {
  catalogue().add_pack({"p.pack", 100}, std::vector{entry(1, 8)});
  ASSERT_TRUE(catalogue().find(chunk_id(1)));
  Catalogue other(file());
  other.add_pack({"q.pack", 100}, std::vector{entry(2, 8)});
  EXPECT_TRUE(catalogue().find(chunk_id(2)));
}

TEST_F(ChunksTest, WhatCountedOnOldPacksCountsOnTheMergedOne) {
  catalogue().add_pack({"a.pack", 50}, std::vector{entry(1, 8)});
  catalogue().add_pack({"b.pack", 50}, std::vector{entry(2, 8), entry(3, 18)});
  catalogue().add_pack({"other.pack", 50}, std::vector{entry(4, 8)});
  const Image image = sealed_in({"a.pack", "b.pack", "other.pack"});
  const SnapshotId snapshot = *catalogue().snapshot_of_image(image.id);
  catalogue().set_record(snapshot, chunk_id(2), "b.pack");
  catalogue().replace_packs({"a.pack", "b.pack"},
                            {{"merged.pack", 60}, {entry(1, 8), entry(2, 18)}});
  EXPECT_EQ(catalogue().image(image.id)->packs,
            (std::vector<std::string>{"merged.pack", "other.pack"}));
  EXPECT_EQ(catalogue().find(chunk_id(2))->pack, "merged.pack");
  EXPECT_FALSE(catalogue().find(chunk_id(3)));
  EXPECT_EQ(catalogue().packs().size(), 2U);
  EXPECT_TRUE(catalogue().unused_packs().empty());
  EXPECT_TRUE(catalogue().check().empty());
}

TEST_F(ChunksTest, ListsWhatIsInAPackAndWhatImagesBeginWith) {
  catalogue().add_pack({"a.pack", 50}, std::vector{entry(1, 8), entry(2, 18)});
  const std::vector<PackEntry> entries = catalogue().pack_entries("a.pack");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].id, chunk_id(2));
  EXPECT_EQ(entries[1].offset, 18U);
  const Image image = sealed_in({"a.pack"});
  catalogue().set_record(*catalogue().snapshot_of_image(image.id), chunk_id(2), "a.pack");
  EXPECT_EQ(catalogue().manifests(), std::vector{*catalogue().image(image.id)->manifest});
  EXPECT_EQ(catalogue().records(), std::vector{chunk_id(2)});
}

}  // namespace
}  // namespace quemsi
