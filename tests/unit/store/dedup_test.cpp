#include <gtest/gtest.h>

#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

TestImage large_image(unsigned chunks) {
  TestImage image{{"sqlite", "1", {}}, {{{"pages", {}}, {}}}};
  for (unsigned i = 0; i < chunks; ++i) image.sections[0].chunks.push_back({noise(10000, i)});
  return image;
}

TEST(StoreDedup, AddsNothingForAnEqualImage) {
  StoreTest test;
  const SealedImage first = test.seal(large_image(50));
  const SealedImage second = test.seal(large_image(50));
  EXPECT_EQ(second.manifest, first.manifest);
  EXPECT_EQ(second.stored_bytes, 0U);
  EXPECT_EQ(second.bytes, first.bytes);
  EXPECT_EQ(second.packs, first.packs);
  EXPECT_EQ(test.pack_names(), first.packs);
}

TEST(StoreDedup, CountsWhatTheFolderGrewBy) {
  StoreTest test;
  const SealedImage sealed = test.seal(large_image(50));
  EXPECT_EQ(sealed.stored_bytes, std::filesystem::file_size(test.packs() / sealed.packs.at(0)));
  EXPECT_GT(sealed.stored_bytes, 500000U);
}

TEST(StoreDedup, AddsOnlyTheChunkThatChanged) {
  StoreTest test;
  const SealedImage first = test.seal(large_image(50));
  TestImage changed = large_image(50);
  changed.sections[0].chunks[25].bytes[0] ^= 1;
  const SealedImage second = test.seal(changed);
  EXPECT_LT(second.stored_bytes, 20000U);
  EXPECT_EQ(second.packs.size(), 2U);
  EXPECT_EQ(second.packs, test.store->packs_of_image(second.manifest));
  EXPECT_TRUE(test.read(second.manifest) == changed);
  EXPECT_TRUE(test.read(first.manifest) == large_image(50));
}

TEST(StoreDedup, StoresAChunkThatRepeatsInsideAnImageOnce) {
  StoreTest test;
  TestImage image{{"sqlite", "1", {}}, {{{"a", {}}, {}}, {{"b", {}}, {}}}};
  for (int i = 0; i < 100; ++i) {
    for (TestSection& section : image.sections) section.chunks.push_back({noise(10000, 7)});
  }
  const SealedImage sealed = test.seal(image);
  EXPECT_EQ(sealed.bytes, 2000000U);
  EXPECT_LT(sealed.stored_bytes, 20000U);
  EXPECT_TRUE(test.read(sealed.manifest) == image);
}

TEST(StoreDedup, WritesAChunkAgainWhosePackIsGone) {
  StoreTest test;
  const SealedImage first = test.seal(large_image(3));
  std::filesystem::remove(test.packs() / first.packs.at(0));
  const SealedImage second = test.seal(large_image(3));
  EXPECT_GT(second.stored_bytes, 0U);
  EXPECT_TRUE(test.read(second.manifest) == large_image(3));
}

TEST(StoreDedup, WritesAChunkAgainWhosePackWasCutShort) {
  StoreTest test;
  const SealedImage first = test.seal(large_image(3));
  const auto pack = test.packs() / first.packs.at(0);
  write_file(pack, read_file(pack).substr(0, 100));
  static_cast<void>(test.seal(large_image(3)));
  EXPECT_TRUE(test.read(first.manifest) == large_image(3));
}

TEST(StoreDedup, KeepsDataApartThatLooksLikeARecord) {
  StoreTest test;
  {
    const auto hold = test.store->hold_packs(no_wait);
    static_cast<void>(test.store->write_record("the same text"));
  }
  const TestImage image{{"sqlite", "1", {}}, {{{"a", {}}, {{"the same text"}}}}};
  const SealedImage sealed = test.seal(image);
  EXPECT_EQ(sealed.packs.size(), 1U);
  EXPECT_TRUE(test.read(sealed.manifest) == image);
}

}  // namespace
}  // namespace quemsi::test
