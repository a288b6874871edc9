#include <gtest/gtest.h>

#include <unistd.h>

#include <sys/wait.h>
#include <csignal>

#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

class WriterContract : public ::testing::Test {
 protected:
  void expect_misuse(const std::function<void(ImageWriter&)>& use) {
    const auto writer = test_.store->write_image();
    const auto error = error_of([&] { use(*writer); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::internal) << error->what();
  }

  StoreTest test_;
  std::unique_ptr<PackHold> hold_ = test_.store->hold_packs(no_wait);
  const ImageHeader header_{"sqlite", "1", {}};
};

TEST_F(WriterContract, LeavesNoTraceWithoutCommit) {
  {
    const auto writer = test_.store->write_image();
    writer->header(header_);
    const auto section = writer->section({"pages", {}});
    for (unsigned i = 0; i < 20; ++i) {
      section->chunk(bytes_of(noise(ImageSink::max_chunk_bytes, i)), 0, "");
    }
    section->finish();
  }
  EXPECT_TRUE(test_.pack_names().empty());
  EXPECT_TRUE(names_in(test_.temporary()).empty());
  EXPECT_TRUE(test_.index.packs.empty());
}

TEST_F(WriterContract, RefusesToCommitAnUnfinishedSection) {
  expect_misuse([&](ImageWriter& writer) {
    writer.header(header_);
    const auto section = writer.section({"pages", {}});
    section->chunk(bytes_of("bytes"), 0, "");
    writer.commit();
  });
  EXPECT_TRUE(test_.pack_names().empty());
}

TEST_F(WriterContract, RefusesASectionBeforeTheHeader) {
  expect_misuse([&](ImageWriter& writer) { writer.section({"pages", {}}); });
}

TEST_F(WriterContract, RefusesAnImageWithoutHeader) {
  expect_misuse([&](ImageWriter& writer) { writer.commit(); });
}

TEST_F(WriterContract, RefusesASecondHeader) {
  expect_misuse([&](ImageWriter& writer) {
    writer.header(header_);
    writer.header(header_);
  });
}

TEST_F(WriterContract, RefusesTwoSectionsOfOneName) {
  expect_misuse([&](ImageWriter& writer) {
    writer.header(header_);
    writer.section({"pages", {}})->finish();
    writer.section({"pages", {}});
  });
}

TEST_F(WriterContract, RefusesAnEmptyChunk) {
  expect_misuse([&](ImageWriter& writer) {
    writer.header(header_);
    writer.section({"pages", {}})->chunk({}, 0, "");
  });
}

TEST_F(WriterContract, RefusesAChunkAboveTheLimit) {
  const std::string large(ImageSink::max_chunk_bytes + 1, 'x');
  expect_misuse([&](ImageWriter& writer) {
    writer.header(header_);
    writer.section({"pages", {}})->chunk(bytes_of(large), 0, "");
  });
}

TEST_F(WriterContract, RefusesAChunkAfterTheEnd) {
  expect_misuse([&](ImageWriter& writer) {
    writer.header(header_);
    const auto section = writer.section({"pages", {}});
    section->finish();
    section->chunk(bytes_of("bytes"), 0, "");
  });
}

TEST_F(WriterContract, RefusesASecondCommit) {
  expect_misuse([&](ImageWriter& writer) {
    writer.header(header_);
    writer.commit();
    writer.commit();
  });
}

TEST_F(WriterContract, RefusesTextThatIsNotUtf8) {
  expect_misuse([&](ImageWriter& writer) {
    writer.header({"sqlite", "1", {{"name", "\xff"}}});
    writer.commit();
  });
}

TEST_F(WriterContract, RefusesToWriteWithoutAHold) {
  hold_.reset();
  const auto error = error_of([&] { static_cast<void>(test_.store->write_image()); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::internal);
  EXPECT_TRUE(error_of([&] { test_.store->write_record("text"); }));
}

/// An index whose transaction fails.
class FailingIndex : public MemoryIndex {
 public:
  void add_pack(const PackInfo& /*pack*/, std::span<const PackEntry> /*entries*/) override {
    throw Error(ErrorKind::io, "the disk is full");
  }
};

TEST(WriterFailure, HarmsNothingWhenTheIndexFails) {
  TempDir dir;
  FailingIndex failing;
  {
    const auto store = open_store(dir.path() / "quemsi", failing);
    const auto hold = store->hold_packs(no_wait);
    const auto writer = store->write_image();
    writer->header({"sqlite", "1", {}});
    const auto error = error_of([&] { writer->commit(); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::io);
  }
  MemoryIndex index;
  const auto store = open_store(dir.path() / "quemsi", index);
  EXPECT_TRUE(store->check(no_progress()).empty());
}

TEST(WriterFailure, SaysSoWhenThePacksCannotBeWritten) {
  StoreTest test;
  const auto hold = test.store->hold_packs(no_wait);
  const auto writer = test.store->write_image();
  writer->header({"sqlite", "1", {}});
  std::filesystem::remove(test.temporary());
  const auto error = error_of([&] { writer->commit(); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::io) << error->what();
  EXPECT_TRUE(test.index.packs.empty());
}

/// Runs `work` in another process, which then dies as if by a power cut.
void in_killed_process(const std::function<void()>& work) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    try {
      work();
    } catch (...) {
      _exit(1);
    }
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the child failed before it was killed";
}

TEST(WriterFailure, LeavesNothingThatConfusesWhenKilled) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  in_killed_process([&] {
    const auto hold = test.store->hold_packs(no_wait);
    const auto writer = test.store->write_image();
    writer->header({"sqlite", "1", {}});
    const auto section = writer->section({"pages", {}});
    for (unsigned i = 0; i < 20; ++i) {
      section->chunk(bytes_of(noise(ImageSink::max_chunk_bytes, i)), 0, "");
    }
    raise(SIGKILL);
  });
  EXPECT_FALSE(names_in(test.temporary()).empty()) << "it was killed too early to prove anything";
  EXPECT_EQ(test.pack_names(), sealed.packs);
  EXPECT_TRUE(test.store->check(no_progress()).empty());
  EXPECT_TRUE(test.read(test.seal(small_image()).manifest) == small_image());
  const auto none_dead = [](const PackInfo&) { return false; };
  EXPECT_GT(test.store->remove_packs(none_dead, no_wait), 0U);
  EXPECT_TRUE(names_in(test.temporary()).empty());
  EXPECT_TRUE(test.read(sealed.manifest) == small_image());
}

TEST(WriterFailure, LeavesAWholePackWhenKilledBeforeTheIndex) {
  class KilledIndex : public MemoryIndex {
   public:
    void add_pack(const PackInfo& /*pack*/, std::span<const PackEntry> /*entries*/) override {
      raise(SIGKILL);
    }
  };
  StoreTest test;
  in_killed_process([&] {
    KilledIndex index;
    const auto store = open_store(test.root(), index);
    const auto hold = store->hold_packs(no_wait);
    const auto writer = store->write_image();
    writer->header(small_image().header);
    for (const TestSection& section : small_image().sections) write_section(*writer, section);
    writer->commit();
  });
  ASSERT_EQ(test.pack_names().size(), 1U);
  EXPECT_TRUE(test.store->check(no_progress()).empty());
  const SealedImage sealed = test.seal(small_image());
  EXPECT_EQ(sealed.packs, test.pack_names());
  EXPECT_TRUE(test.read(sealed.manifest) == small_image());
}

}  // namespace
}  // namespace quemsi::test
