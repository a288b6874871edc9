#include "store/parallel.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

TestSection numbered_section(unsigned number) {
  TestSection section{{"table " + std::to_string(number), {}}, {}};
  for (unsigned i = 0; i < 300; ++i) {
    // Every third chunk is in all sections.
    const unsigned seed = i % 3 == 0 ? i : (number + 1) * 1000 + i;
    section.chunks.push_back({noise(1000 + seed % 5000, seed), i, std::to_string(i)});
  }
  return section;
}

TEST(ParallelSections, AreKeptEachInItsOrder) {
  StoreTest test;
  constexpr unsigned sections = 6;
  TestImage image{{"postgresql", "1", {}}, {}};
  for (unsigned i = 0; i < sections; ++i) image.sections.push_back(numbered_section(i));
  const auto hold = test.store->hold_packs(no_wait);
  const auto writer = test.store->write_image();
  writer->header(image.header);
  {
    std::vector<std::unique_ptr<SectionSink>> sinks;
    for (const TestSection& section : image.sections) {
      sinks.push_back(writer->section(section.header));
    }
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < sections; ++i) {
      threads.emplace_back([&sink = *sinks[i], &section = image.sections[i]] {
        for (const TestChunk& chunk : section.chunks) {
          sink.chunk(bytes_of(chunk.bytes), chunk.rows, chunk.first_key);
        }
        sink.finish();
      });
    }
  }
  const SealedImage sealed = writer->commit();
  EXPECT_TRUE(test.read(sealed.manifest) == image);
  EXPECT_NO_THROW(test.store->verify_image(sealed.manifest, no_progress()));
}

TEST(ParallelSections, MayBeOpenedByTheirThreads) {
  StoreTest test;
  const auto hold = test.store->hold_packs(no_wait);
  const auto writer = test.store->write_image();
  writer->header({"postgresql", "1", {}});
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < 6; ++i) {
      threads.emplace_back([&writer, i] { write_section(*writer, numbered_section(i)); });
    }
  }
  const TestImage image = test.read(writer->commit().manifest);
  ASSERT_EQ(image.sections.size(), 6U);
  for (const TestSection& section : image.sections) {
    const unsigned number = static_cast<unsigned>(section.header.name.back() - '0');
    EXPECT_TRUE(section == numbered_section(number));
  }
}

TEST(ParallelReads, GiveEveryThreadTheRightBytes) {
  StoreTest test;
  TestImage image{{"postgresql", "1", {}}, {numbered_section(0), numbered_section(1)}};
  const auto source = test.store->read_image(test.seal(image).manifest);
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t c = 0; c < 300; ++c) {
          const std::size_t s = (t + c) % 2;
          if (text_of(source->read(s, c)) != image.sections[s].chunks[c].bytes) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(ForEachInParallel, DoesEveryItemOnce) {
  std::mutex mutex;
  std::multiset<std::size_t> done;
  for_each_in_parallel(1000, [&](std::size_t i) {
    const std::lock_guard lock(mutex);
    done.insert(i);
  });
  EXPECT_EQ(done.size(), 1000U);
  EXPECT_EQ(std::set(done.begin(), done.end()).size(), 1000U);
}

TEST(ForEachInParallel, DoesNothingForNoItems) {
  for_each_in_parallel(0, [](std::size_t) { FAIL(); });
}

TEST(ForEachInParallel, ThrowsWhatAnItemThrew) {
  const auto error = error_of([] {
    for_each_in_parallel(1000, [](std::size_t i) {
      if (i == 500) throw Error(ErrorKind::cancelled, "stop");
    });
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::cancelled);
}

}  // namespace
}  // namespace quemsi::test
