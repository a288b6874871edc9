#include "store/compression_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "store/sha256.hpp"
#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

void submit(CompressionQueue& queue, const std::string& text) {
  queue.submit(chunk_id(bytes_of(text)), ChunkKind::data, bytes_of(text));
}

TEST(CompressionQueue, EmitsInTheOrderOfSubmission) {
  std::vector<std::string> emitted;
  std::vector<std::string> submitted;
  CompressionQueue queue([&](const RawChunk& chunk, std::span<const std::byte> frame) {
    emitted.push_back(text_of(decompress(frame, chunk.bytes.size())));
  });
  for (unsigned i = 0; i < 3000; ++i) {
    submitted.push_back(noise(1 + (i * 7919) % 20000, i));
    submit(queue, submitted.back());
  }
  queue.drain();
  EXPECT_TRUE(emitted == submitted);
}

TEST(CompressionQueue, EmitsOneAtATimeFromManySubmitters) {
  std::atomic<int> inside{0};
  std::atomic<bool> overlapped{false};
  std::size_t emitted = 0;
  CompressionQueue queue([&](const RawChunk&, std::span<const std::byte>) {
    if (inside.fetch_add(1) != 0) overlapped = true;
    ++emitted;
    inside.fetch_sub(1);
  });
  {
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < 4; ++t) {
      threads.emplace_back([&queue, t] {
        for (unsigned i = 0; i < 500; ++i) submit(queue, noise(3000, t * 500 + i));
      });
    }
  }
  queue.drain();
  EXPECT_EQ(emitted, 2000U);
  EXPECT_FALSE(overlapped);
}

TEST(CompressionQueue, HandsOnWhatEmittingThrewAndEmitsNothingMore) {
  std::size_t emitted = 0;
  CompressionQueue queue([&](const RawChunk&, std::span<const std::byte>) {
    if (++emitted == 10) throw Error(ErrorKind::io, "the disk is full");
  });
  const auto error = error_of([&] {
    for (unsigned i = 0; i < 5000; ++i) submit(queue, noise(5000, i));
    queue.drain();
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::io);
  EXPECT_EQ(emitted, 10U);
  EXPECT_TRUE(error_of([&] { queue.drain(); }));
  EXPECT_TRUE(error_of([&] { submit(queue, "more"); }));
}

TEST(CompressionQueue, TakesAChunkThatIsLargerThanAllThatMayWait) {
  std::size_t bytes = 0;
  CompressionQueue queue(
      [&](const RawChunk& chunk, std::span<const std::byte>) { bytes += chunk.bytes.size(); });
  submit(queue, std::string(40 << 20, 'x'));
  submit(queue, "y");
  queue.drain();
  EXPECT_EQ(bytes, (40U << 20) + 1);
}

TEST(CompressionQueue, DropsWhatWaitsWhenDestroyed) {
  for (int round = 0; round < 50; ++round) {
    CompressionQueue queue([](const RawChunk&, std::span<const std::byte>) {});
    for (unsigned i = 0; i < 20; ++i) submit(queue, noise(50000, i));
  }
}

}  // namespace
}  // namespace quemsi::test
