// One small pack, damaged in every way that a disk knows.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

class StoreDamage : public ::testing::Test {
 protected:
  StoreDamage() : sealed_(test_.seal(small_image())) {}

  [[nodiscard]] std::filesystem::path pack() const { return test_.packs() / sealed_.packs.at(0); }

  /// Right bytes or an error; wrong bytes never.
  void expect_right_or_refused() {
    std::optional<TestImage> read;
    const auto error = error_of([&] { read = test_.read(sealed_.manifest); });
    if (error) {
      EXPECT_TRUE(error->kind() == ErrorKind::corrupt || error->kind() == ErrorKind::unsupported)
          << error->what();
    } else {
      EXPECT_TRUE(*read == small_image());
    }
  }

  StoreTest test_;
  SealedImage sealed_;
};

TEST_F(StoreDamage, OfAnyByteIsFoundByACheckAndNeverReadAsData) {
  const std::string whole = read_file(pack());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const int bits : {0x01, 0x80, 0xff}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ bits);
      write_file(pack(), damaged);
      const auto findings = test_.store->check(no_progress());
      ASSERT_FALSE(findings.empty()) << "byte " << at << " xor " << bits;
      EXPECT_EQ(findings[0].pack, sealed_.packs[0]);
      expect_right_or_refused();
    }
  }
}

TEST_F(StoreDamage, OfAChunkFailsVerification) {
  const std::string whole = read_file(pack());
  for (const auto& [id, location] : test_.index.chunks) {
    std::string damaged = whole;
    damaged[location.entry.offset + location.entry.stored_bytes - 1] ^= 1;
    write_file(pack(), damaged);
    const auto error =
        error_of([&] { test_.store->verify_image(sealed_.manifest, no_progress()); });
    ASSERT_TRUE(error) << id.hex();
    EXPECT_EQ(error->kind(), ErrorKind::corrupt);
    EXPECT_NE(std::string(error->what()).find(location.pack), std::string::npos) << error->what();
    EXPECT_NE(error->causes().at(0).find(id.hex()), std::string::npos) << error->causes().at(0);
    EXPECT_FALSE(error->hints().empty());
  }
}

TEST_F(StoreDamage, OfAChunkIsFoundByACheckThatNamesIt) {
  std::string damaged = read_file(pack());
  const PackEntry& entry = test_.index.chunks.at(sealed_.manifest).entry;
  damaged[entry.offset + entry.stored_bytes - 1] ^= 1;
  write_file(pack(), damaged);
  const auto findings = test_.store->check(no_progress());
  EXPECT_TRUE(std::ranges::any_of(
      findings, [&](const StoreFinding& finding) { return finding.chunk == sealed_.manifest; }));
}

TEST_F(StoreDamage, ByTruncationIsFoundAtEveryLength) {
  const std::string whole = read_file(pack());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write_file(pack(), whole.substr(0, length));
    EXPECT_FALSE(test_.store->check(no_progress()).empty()) << "length " << length;
    std::size_t good = 0;
    std::size_t bad = 0;
    test_.store->scan([&](const PackInfo&, std::span<const PackEntry>) { ++good; },
                      [&](const StoreFinding&) { ++bad; });
    EXPECT_EQ(good, 0U) << "length " << length;
    EXPECT_EQ(bad, 1U) << "length " << length;
    expect_right_or_refused();
  }
}

TEST_F(StoreDamage, ByBytesAddedAtTheEndIsFound) {
  write_file(pack(), read_file(pack()) + "x");
  EXPECT_FALSE(test_.store->check(no_progress()).empty());
}

TEST_F(StoreDamage, ByAMissingPackNamesIt) {
  std::filesystem::remove(pack());
  const auto error = error_of([&] { static_cast<void>(test_.read(sealed_.manifest)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::corrupt);
  EXPECT_NE(std::string(error->what()).find(sealed_.packs[0]), std::string::npos);
}

TEST_F(StoreDamage, OfTheIndexIsNoWrongData) {
  for (auto& [id, location] : test_.index.chunks) location.entry.offset += 1;
  expect_right_or_refused();
  for (auto& [id, location] : test_.index.chunks) location.entry.offset = ~std::uint64_t{0};
  expect_right_or_refused();
  for (auto& [id, location] : test_.index.chunks) location.entry.stored_bytes = ~std::uint32_t{0};
  expect_right_or_refused();
  for (auto& [id, location] : test_.index.chunks) location.pack = "../../etc/passwd";
  expect_right_or_refused();
}

TEST_F(StoreDamage, ByAChunkThatTheIndexHasLostRefusesTheImage) {
  for (const auto& [id, location] : std::map(test_.index.chunks)) {
    MemoryIndex whole;
    whole.chunks = test_.index.chunks;
    test_.index.chunks.erase(id);
    const auto error =
        error_of([&] { static_cast<void>(test_.store->read_image(sealed_.manifest)); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::corrupt);
    EXPECT_NE(error->causes().at(0).find(id.hex()), std::string::npos);
    test_.index.chunks = whole.chunks;
  }
}

}  // namespace
}  // namespace quemsi::test
