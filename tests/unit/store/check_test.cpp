#include <gtest/gtest.h>

#include <atomic>

#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

class CountingProgress : public Progress {
 public:
  void begin(std::string_view /*what*/, std::uint64_t bytes) override { total = bytes; }
  void advance(std::uint64_t bytes) override { done += bytes; }
  void end() override { ended = true; }
  void check_cancelled() override {
    if (cancel) throw Error(ErrorKind::cancelled, "cancelled");
  }

  std::uint64_t total = 0;
  std::atomic<std::uint64_t> done{0};
  bool ended = false;
  bool cancel = false;
};

TEST(StoreCheck, FindsNothingInAHealthyStore) {
  StoreTest test;
  EXPECT_TRUE(test.store->check(no_progress()).empty());
  static_cast<void>(test.seal(small_image()));
  EXPECT_TRUE(test.store->check(no_progress()).empty());
}

TEST(StoreCheck, CountsEveryByteOfEveryPack) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  CountingProgress progress;
  static_cast<void>(test.store->check(progress));
  EXPECT_EQ(progress.total, sealed.stored_bytes);
  EXPECT_EQ(progress.done, sealed.stored_bytes);
  EXPECT_TRUE(progress.ended);
}

TEST(StoreCheck, StopsWhenCancelled) {
  StoreTest test;
  static_cast<void>(test.seal(small_image()));
  CountingProgress progress;
  progress.cancel = true;
  const auto error = error_of([&] { static_cast<void>(test.store->check(progress)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::cancelled);
}

TEST(StoreCheck, ReportsWhatIsNoPack) {
  StoreTest test;
  write_file(test.packs() / "notes.txt", "mine");
  const std::string zeroes = std::string(64, '0') + ".pack";
  write_file(test.packs() / zeroes, "");
  const auto findings = test.store->check(no_progress());
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].pack, zeroes);
  EXPECT_EQ(findings[1].pack, "notes.txt");
}

TEST(StoreCheck, ReportsAPackUnderAForeignName) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  const std::string zeroes = std::string(64, '0') + ".pack";
  std::filesystem::rename(test.packs() / sealed.packs[0], test.packs() / zeroes);
  const auto findings = test.store->check(no_progress());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].pack, zeroes);
}

TEST(StoreCheck, FollowsNoLinkAndOpensNoFolder) {
  StoreTest test;
  std::filesystem::create_symlink("/dev/zero", test.packs() / (std::string(64, '1') + ".pack"));
  std::filesystem::create_directory(test.packs() / (std::string(64, '2') + ".pack"));
  EXPECT_EQ(test.store->check(no_progress()).size(), 2U);
}

TEST(StoreVerify, CountsEachChunkAsOftenAsTheImageHasIt) {
  StoreTest test;
  TestImage image = small_image();
  image.sections[0].chunks.push_back(image.sections[0].chunks[0]);
  const SealedImage sealed = test.seal(image);
  CountingProgress progress;
  test.store->verify_image(sealed.manifest, progress);
  EXPECT_EQ(progress.done, sealed.bytes);
}

TEST(StoreVerify, StopsWhenCancelled) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  CountingProgress progress;
  progress.cancel = true;
  const auto error = error_of([&] { test.store->verify_image(sealed.manifest, progress); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::cancelled);
}

}  // namespace
}  // namespace quemsi::test
