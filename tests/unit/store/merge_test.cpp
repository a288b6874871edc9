#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support.hpp"

namespace quemsi::test {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAreArray;

constexpr auto everything = [](const ChunkId&) { return true; };

class Merge : public testing::Test {
 protected:
  /// An image of which one chunk is its own.
  SealedImage seal(unsigned seed) {
    TestImage image = small_image();
    image.sections[0].chunks[0].bytes = noise(5000, seed);
    return test.seal(image);
  }
  StoreTest test;
};

TEST_F(Merge, OnePackHoldsWhatSeveralHeld) {
  const SealedImage first = seal(1);
  const SealedImage second = seal(2);
  const TestImage one = test.read(first.manifest);
  const TestImage two = test.read(second.manifest);
  const std::vector<std::string> old = test.pack_names();
  ASSERT_EQ(old.size(), 2U);
  {
    const auto alone = test.store->hold_packs_alone(no_wait);
    const auto merged = alone->merge(old, everything);
    ASSERT_TRUE(merged);
    alone->remove(old);
    EXPECT_THAT(test.pack_names(), ElementsAre(merged->info.name));
  }
  test.rebuild_index();
  EXPECT_EQ(test.read(first.manifest), one);
  EXPECT_EQ(test.read(second.manifest), two);
}

TEST_F(Merge, WhatIsLeftCanBeRead) {
  const SealedImage first = seal(1);
  const SealedImage second = seal(2);
  const TestImage two = test.read(second.manifest);
  const std::vector<ChunkId> needed = test.store->chunks_of_image(second.manifest);
  {
    const auto alone = test.store->hold_packs_alone(no_wait);
    const std::vector<std::string> old = test.pack_names();
    const auto merged = alone->merge(
        old, [&](const ChunkId& id) { return std::ranges::find(needed, id) != needed.end(); });
    ASSERT_TRUE(merged);
    EXPECT_GT(alone->remove(old), merged->info.bytes);
  }
  test.rebuild_index();
  EXPECT_EQ(test.read(second.manifest), two);
  EXPECT_TRUE(error_of([&] { static_cast<void>(test.read(first.manifest)); }));
}

TEST_F(Merge, NothingToKeepMakesNoPack) {
  static_cast<void>(seal(1));
  const auto alone = test.store->hold_packs_alone(no_wait);
  EXPECT_FALSE(alone->merge(test.pack_names(), [](const ChunkId&) { return false; }));
  EXPECT_TRUE(names_in(test.temporary()).empty());
}

TEST_F(Merge, ADamagedChunkIsNotCarriedOver) {
  static_cast<void>(seal(1));
  const std::vector<std::string> before = test.pack_names();
  std::string bytes = read_file(test.packs() / before[0]);
  bytes[100] = static_cast<char>(bytes[100] ^ 1);
  write_file(test.packs() / before[0], bytes);
  const auto alone = test.store->hold_packs_alone(no_wait);
  const auto error = error_of([&] { static_cast<void>(alone->merge(before, everything)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::corrupt);
  EXPECT_EQ(test.pack_names(), before);
  EXPECT_TRUE(names_in(test.temporary()).empty());
}

TEST_F(Merge, WaitsForWhoReads) {
  const SealedImage sealed = seal(1);
  auto image = test.store->read_image(sealed.manifest);
  EXPECT_EQ(test.store->hold_packs_alone(no_wait), nullptr);
  image.reset();
  EXPECT_NE(test.store->hold_packs_alone(no_wait), nullptr);
}

TEST_F(Merge, NamesTheChunksOfAnImage) {
  const SealedImage sealed = seal(1);
  const std::vector<ChunkId> chunks = test.store->chunks_of_image(sealed.manifest);
  std::vector<ChunkId> known;
  for (const auto& [id, location] : test.index.chunks) known.push_back(id);
  EXPECT_THAT(std::set<ChunkId>(chunks.begin(), chunks.end()), UnorderedElementsAreArray(known));
}

}  // namespace
}  // namespace quemsi::test
