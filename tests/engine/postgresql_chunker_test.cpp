#include "engine/common/chunker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/common/copy_text.hpp"
#include "engine/common/row_hash.hpp"
#include "engine/memory_image.hpp"

namespace quemsi::postgresql_engine {
namespace {

using quemsi::test::MemoryImage;

/// Chunks one stream of rows.
class Stream {
 public:
  explicit Stream(std::vector<std::size_t> key = {0}) {
    image_.header({});
    sink_ = std::make_unique<TallySink>(image_.section({.name = "rows", .attributes = {}}),
                                        no_progress());
    chunker_ = std::make_unique<RowChunker>(*sink_, std::move(key));
  }
  void row(std::string_view text) { chunker_->row(text); }
  const std::vector<std::vector<std::byte>>& finish() {
    chunker_->finish();
    sink_->finish();
    return image_.parts().front()->chunks;
  }
  [[nodiscard]] const Tally& tally() const { return sink_->tally(); }
  [[nodiscard]] const std::vector<ChunkInfo>& infos() {
    return image_.parts().front()->info.chunks;
  }

 private:
  MemoryImage image_;
  std::unique_ptr<TallySink> sink_;
  std::unique_ptr<RowChunker> chunker_;
};

std::string row_of(int id, std::size_t size = 100) {
  return std::to_string(id) + "\t" + std::string(size, static_cast<char>('a' + id % 26)) + "\n";
}

std::size_t shared(const std::vector<std::vector<std::byte>>& a,
                   const std::vector<std::vector<std::byte>>& b) {
  const std::set<std::vector<std::byte>> chunks(a.begin(), a.end());
  return static_cast<std::size_t>(
      std::ranges::count_if(b, [&](const auto& chunk) { return chunks.contains(chunk); }));
}

TEST(Chunker, HashesArePartOfTheFormat) {
  EXPECT_EQ(row_hash(std::string_view("1")), 7335560060985733464U);
  EXPECT_EQ(row_hash(std::string_view("1"), 7), 1201758882690486972U);
}

TEST(Chunker, ChunksHaveTheirSizeWhateverTheRowsSize) {
  for (const std::size_t size : {5U, 100U, 1000U, 20'000U}) {
    Stream stream;
    const int rows = static_cast<int>(std::size_t{20'000'000} / (size + 10));
    for (int id = 0; id < rows; ++id) stream.row(row_of(id, size));
    const auto& chunks = stream.finish();
    const std::uint64_t mean = stream.tally().bytes / chunks.size();
    EXPECT_GT(mean, target_chunk_bytes / 2) << size;
    EXPECT_LT(mean, target_chunk_bytes * 3 / 2) << size;
    for (const auto& chunk : chunks) EXPECT_LE(chunk.size(), most_chunk_bytes);
  }
}

TEST(Chunker, WhatIsCutIsTheStream) {
  Stream stream;
  std::string all;
  for (int id = 0; id < 20'000; ++id) {
    all += row_of(id);
    stream.row(row_of(id));
  }
  std::string joined;
  for (const auto& chunk : stream.finish()) {
    joined.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    EXPECT_EQ(joined.back(), '\n');
  }
  EXPECT_EQ(joined, all);
  EXPECT_EQ(stream.tally().rows, 20'000U);
}

TEST(Chunker, AChangeTouchesFewChunks) {
  Stream before;
  Stream after;
  for (int id = 0; id < 100'000; ++id) {
    before.row(row_of(id));
    if (id == 50'000) after.row(row_of(1'000'000));
    if (id != 70'000) after.row(row_of(id, id == 20'000 ? 130 : 100));
  }
  const auto& old_chunks = before.finish();
  EXPECT_GE(shared(old_chunks, after.finish()) + 9, old_chunks.size());
}

TEST(Chunker, WhatFollowsASegmentDoesNotDependOnWhatWentBefore) {
  int last = 0;
  while (!ends_segment(std::to_string(last))) ++last;
  Stream whole;
  Stream part;
  for (int id = 0; id < last + 30'000; ++id) {
    whole.row(row_of(id));
    if (id > last) part.row(row_of(id));
  }
  const auto& chunks = part.finish();
  EXPECT_EQ(shared(whole.finish(), chunks), chunks.size());
}

TEST(Chunker, ARowTooLargeForAChunkGoesOnInOthers) {
  Stream stream;
  stream.row(row_of(1));
  stream.row(row_of(2, 9 * 1024 * 1024));
  stream.row(row_of(3));
  const auto& chunks = stream.finish();
  ASSERT_EQ(chunks.size(), 5U);
  EXPECT_EQ(chunks[1].size(), ImageSink::max_chunk_bytes);
  std::vector<std::uint64_t> rows;
  for (const ChunkInfo& info : stream.infos()) rows.push_back(info.rows);
  EXPECT_THAT(rows, testing::ElementsAre(1, 1, 0, 0, 1));
  EXPECT_EQ(stream.infos()[1].first_key, "2");
  EXPECT_EQ(stream.infos()[4].first_key, "3");
}

TEST(Chunker, FirstKeysAreTheKeysOfFirstRows) {
  Stream stream({2, 0});
  stream.row("a\tb\tc\n");
  stream.finish();
  EXPECT_EQ(stream.infos().front().first_key, "c\ta");
}

TEST(Chunker, WithoutKeyChunksAreCutByWholeRows) {
  Stream stream(std::vector<std::size_t>{});
  for (int id = 0; id < 20'000; ++id) stream.row(row_of(id));
  EXPECT_GT(stream.finish().size(), 5U);
  EXPECT_EQ(stream.infos().front().first_key, "");
}

TEST(Chunker, RowsWithoutColumnsAreCounted) {
  Stream stream(std::vector<std::size_t>{});
  for (int id = 0; id < 1000; ++id) stream.row("\n");
  stream.finish();
  EXPECT_EQ(stream.tally().rows, 1000U);
}

TEST(CopyText, FieldsComeBack) {
  const std::vector<std::string> fields{"", "a\tb", "c\\d\n", "\r\b\f\v", "plain"};
  const std::string row = copy_row(fields);
  EXPECT_EQ(row, "\ta\\tb\tc\\\\d\\n\t\\r\\b\\f\\v\tplain\n");
  EXPECT_EQ(parse_copy_row(row.substr(0, row.size() - 1)), fields);
  EXPECT_EQ(parse_copy_row("\\N"), std::nullopt);
  EXPECT_EQ(parse_copy_row("a\\"), std::nullopt);
}

TEST(CopyText, KeysAreFoundWhereverTheyStand) {
  std::string scratch;
  EXPECT_EQ(key_text("a\tb\tc\n", {0}, scratch), "a");
  EXPECT_EQ(key_text("a\tb\tc\n", {2}, scratch), "c");
  EXPECT_EQ(key_text("\tb\tc\n", {0, 1}, scratch), "\tb");
  EXPECT_EQ(key_text("a\n", {3}, scratch), "");
}

TEST(Tallies, TellExchangedChunksApart) {
  const auto bytes = [](std::string_view text) { return std::as_bytes(std::span(text)); };
  Tally one = Tally::of_chunk(0, bytes("a"), 1);
  one += Tally::of_chunk(1, bytes("b"), 1);
  Tally reversed = Tally::of_chunk(1, bytes("b"), 1);
  reversed += Tally::of_chunk(0, bytes("a"), 1);
  Tally exchanged = Tally::of_chunk(0, bytes("b"), 1);
  exchanged += Tally::of_chunk(1, bytes("a"), 1);
  EXPECT_EQ(one, reversed);
  EXPECT_NE(one, exchanged);
}

}  // namespace
}  // namespace quemsi::postgresql_engine
