#include "fixture.hpp"

namespace quemsi {
namespace {

class ImagesTest : public CatalogueTest {
 protected:
  Image inserted(const std::string& database, std::int64_t time) {
    Snapshot snapshot = some_snapshot(time);
    Image image = some_image(database);
    image.parked = parked_name(image.id);
    snapshot.images = {image};
    catalogue().insert_snapshot(snapshot);
    return image;
  }
};

TEST_F(ImagesTest, SealingSetsManifestAndPacks) {
  const Image image = inserted("app", 1);
  ASSERT_EQ(catalogue().unsealed_images().size(), 1U);
  catalogue().set_sealed(image.id, some_seal(3, {"x.pack"}));
  EXPECT_TRUE(catalogue().unsealed_images().empty());
  EXPECT_EQ(catalogue().image(image.id)->manifest, chunk_id(3));
  EXPECT_EQ(catalogue().image(image.id)->stored_bytes, 5U);
  EXPECT_EQ(catalogue().image(image.id)->packs, std::vector<std::string>{"x.pack"});
}

TEST_F(ImagesTest, TakingASealBackForgetsItsPacks) {
  const Image image = inserted("app", 1);
  catalogue().set_sealed(image.id, some_seal(3, {"x.pack"}));
  catalogue().clear_seal(image.id);
  EXPECT_FALSE(catalogue().image(image.id)->manifest);
  EXPECT_TRUE(catalogue().image(image.id)->packs.empty());
}

TEST_F(ImagesTest, ImagesOfOneManifestNeedTheSamePacks) {
  const Image first = inserted("app", 1);
  const Image second = inserted("app", 2);
  catalogue().set_sealed(first.id, some_seal(3, {"x.pack"}));
  catalogue().set_sealed(second.id, some_seal(3, {"y.pack"}));
  EXPECT_EQ(catalogue().image(first.id)->packs, std::vector<std::string>{"y.pack"});
}

TEST_F(ImagesTest, OneThatIsEnteredAfterItsPacksWereMergedNeedsTheMergedOne) {
  const Image image = inserted("app", 1);
  catalogue().add_pack({"x.pack", 100}, {});
  catalogue().set_sealed(image.id, some_seal(3, {"x.pack"}));
  Image same = catalogue().image(image.id).value();
  catalogue().replace_packs({"x.pack"}, {.info = {"merged.pack", 90}, .entries = {}});
  same.id = new_image_id();
  Snapshot later = some_snapshot(2);
  later.images = {same};
  catalogue().insert_snapshot(later);
  EXPECT_EQ(catalogue().image(same.id)->packs, std::vector<std::string>{"merged.pack"});
}

TEST_F(ImagesTest, ListsParkedOnesLeastRecentlyUsedFirst) {
  const Image first = inserted("app", 1);
  const Image second = inserted("app", 2);
  inserted("other", 3);
  catalogue().touch(first.id, at(10));
  const std::vector<Image> parked = catalogue().parked_images("app");
  ASSERT_EQ(parked.size(), 2U);
  EXPECT_EQ(parked[0].id, second.id);
  catalogue().set_parked(second.id, std::nullopt);
  EXPECT_EQ(catalogue().parked_images("app").size(), 1U);
}

TEST_F(ImagesTest, NamesTheSnapshotOfAnImage) {
  const Image image = inserted("app", 1);
  EXPECT_EQ(catalogue().snapshot_of_image(image.id), catalogue().snapshots().front().id);
  EXPECT_FALSE(catalogue().snapshot_of_image(new_image_id()));
}

}  // namespace
}  // namespace quemsi
