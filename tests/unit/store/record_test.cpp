#include <gtest/gtest.h>

#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

TEST(StoreRecord, IsReadBack) {
  StoreTest test;
  const auto hold = test.store->hold_packs(no_wait);
  const ChunkLocation written = test.store->write_record("{\"tags\":[\"v1\"]}");
  EXPECT_EQ(test.store->read_record(written.entry.id), "{\"tags\":[\"v1\"]}");
  EXPECT_EQ(test.pack_names(), std::vector{written.pack});
}

TEST(StoreRecord, IsWrittenOnce) {
  StoreTest test;
  const auto hold = test.store->hold_packs(no_wait);
  const ChunkLocation first = test.store->write_record("text");
  const ChunkLocation second = test.store->write_record("text");
  EXPECT_EQ(first.pack, second.pack);
  EXPECT_EQ(first.entry.offset, second.entry.offset);
  EXPECT_EQ(test.pack_names().size(), 1U);
}

TEST(StoreRecord, IsFoundByAScanAsARecord) {
  StoreTest test;
  static_cast<void>(test.seal(small_image()));
  {
    const auto hold = test.store->hold_packs(no_wait);
    static_cast<void>(test.store->write_record("text"));
  }
  test.rebuild_index();
  std::vector<std::string> records;
  for (const auto& [id, location] : test.index.chunks) {
    if (location.entry.kind == ChunkKind::record) records.push_back(test.store->read_record(id));
  }
  EXPECT_EQ(records, std::vector<std::string>{"text"});
}

TEST(StoreRecord, SaysWhichOneIsMissing) {
  StoreTest test;
  const ChunkId unknown{ChunkId::Bytes{}};
  const auto error = error_of([&] { static_cast<void>(test.store->read_record(unknown)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::corrupt);
  EXPECT_NE(std::string(error->what()).find(unknown.hex()), std::string::npos);
}

TEST(StoreRecord, CannotBeEmptyOrHuge) {
  StoreTest test;
  const auto hold = test.store->hold_packs(no_wait);
  EXPECT_TRUE(error_of([&] { static_cast<void>(test.store->write_record("")); }));
  const std::string huge((std::size_t{16} << 20) + 1, 'x');
  EXPECT_TRUE(error_of([&] { static_cast<void>(test.store->write_record(huge)); }));
  EXPECT_TRUE(test.pack_names().empty());
}

}  // namespace
}  // namespace quemsi::test
