#include <gtest/gtest.h>

#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

TEST(StoreRoundTrip, GivesBackEveryByteRowCountKeyAndAttribute) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  EXPECT_TRUE(test.read(sealed.manifest) == small_image());
  EXPECT_EQ(sealed.bytes, 17U + 7U + 5U);
}

TEST(StoreRoundTrip, KeepsAnImageWithoutSections) {
  StoreTest test;
  const TestImage image{{"sqlite", "1", {}}, {}};
  const SealedImage sealed = test.seal(image);
  EXPECT_EQ(sealed.bytes, 0U);
  EXPECT_TRUE(test.read(sealed.manifest) == image);
  EXPECT_NO_THROW(test.store->verify_image(sealed.manifest, no_progress()));
}

TEST(StoreRoundTrip, KeepsTheLargestAndTheSmallestChunk) {
  StoreTest test;
  const TestImage image{{"sqlite", "1", {}},
                        {{{"noise", {}}, {{noise(ImageSink::max_chunk_bytes, 1)}, {"x"}}},
                         {{"zeroes", {}}, {{std::string(ImageSink::max_chunk_bytes, '\0')}}}}};
  EXPECT_TRUE(test.read(test.seal(image).manifest) == image);
}

TEST(StoreRoundTrip, KeepsEveryByteValueInAKey) {
  StoreTest test;
  TestImage image{{"sqlite", "1", {}}, {{{"table", {}}, {}}}};
  for (int byte = 0; byte < 256; ++byte) {
    image.sections[0].chunks.push_back(
        {std::to_string(byte), 1, std::string(1, static_cast<char>(byte))});
  }
  EXPECT_TRUE(test.read(test.seal(image).manifest) == image);
}

TEST(StoreRoundTrip, RollsOverToSeveralPacks) {
  StoreTest test;
  TestImage image{{"sqlite", "1", {}}, {{{"pages", {}}, {}}}};
  for (unsigned i = 0; i < 33; ++i) {
    image.sections[0].chunks.push_back({noise(ImageSink::max_chunk_bytes, i)});
  }
  const SealedImage sealed = test.seal(image);
  EXPECT_EQ(sealed.packs.size(), 3U);
  EXPECT_EQ(sealed.packs, test.pack_names());
  EXPECT_EQ(sealed.packs, test.store->packs_of_image(sealed.manifest));
  EXPECT_NO_THROW(test.store->verify_image(sealed.manifest, no_progress()));
  EXPECT_TRUE(test.read(sealed.manifest) == image);
}

TEST(StoreRoundTrip, IsReadableFromThePacksAlone) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  test.rebuild_index();
  EXPECT_TRUE(test.read(sealed.manifest) == small_image());
}

TEST(StoreRoundTrip, IsReadableAfterReopening) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  test.store = open_store(test.root(), test.index);
  EXPECT_TRUE(test.read(sealed.manifest) == small_image());
}

TEST(StoreRoundTrip, MakesEqualPacksOfEqualImages) {
  StoreTest one;
  StoreTest two;
  TestImage image = small_image();
  for (unsigned i = 0; i < 200; ++i) {
    image.sections[0].chunks.push_back({noise(1000 + (i * 977) % 60000, i)});
  }
  EXPECT_EQ(one.seal(image).packs, two.seal(image).packs);
}

TEST(StoreRoundTrip, MakesPacksThatNobodyWritesTo) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  using std::filesystem::perms;
  const perms writable = perms::owner_write | perms::group_write | perms::others_write;
  const auto status = std::filesystem::status(test.packs() / sealed.packs.at(0));
  EXPECT_EQ(status.permissions() & writable, perms::none);
}

TEST(StoreRoundTrip, MakesPacksThatTheyMayReadWhomTheFolderLetsIn) {
  using std::filesystem::perms;
  for (const auto& [folder, pack] : {std::pair{0700U, 0400U}, {0750U, 0440U}, {0755U, 0444U}}) {
    StoreTest test;
    std::filesystem::permissions(test.packs().parent_path(), perms(folder));
    const SealedImage sealed = test.seal(small_image());
    const auto status = std::filesystem::status(test.packs() / sealed.packs.at(0));
    EXPECT_EQ(status.permissions(), perms(pack)) << folder;
  }
}

TEST(StoreRoundTrip, DescribesAPack) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  const std::string text = describe_pack(test.packs() / sealed.packs.at(0));
  EXPECT_NE(text.find("format 1, 4 chunks"), std::string::npos) << text;
  EXPECT_NE(text.find(sealed.manifest.hex()), std::string::npos) << text;
  EXPECT_NE(text.find("table t: 2 chunks"), std::string::npos) << text;
}

TEST(StoreRoundTrip, ShowsNoControlCharactersOfAPack) {
  StoreTest test;
  TestImage image = small_image();
  image.sections[0].header.name = "\x1b[2J";
  const std::string text = describe_pack(test.packs() / test.seal(image).packs.at(0));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace quemsi::test
