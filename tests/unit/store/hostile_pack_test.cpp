// Packs that no disk would make: every hash is right, every size is a lie.
#include <gtest/gtest.h>
#include <zstd.h>

#include "store/pack_format.hpp"
#include "store/sha256.hpp"
#include "store/zstd_frame.hpp"
#include "unit/store/support.hpp"
#include "util/c_handle.hpp"

namespace quemsi::test {
namespace {

using Bytes = std::vector<std::byte>;

Bytes operator+(Bytes left, std::span<const std::byte> right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Bytes frame_of(std::string_view raw) {
  Compressor compressor;
  return Bytes{} + compressor.compress(bytes_of(raw));
}

PackEntry entry_of(std::string_view raw, const Bytes& frame) {
  return {.id = chunk_id(bytes_of(raw)),
          .kind = ChunkKind::data,
          .offset = 0,
          .stored_bytes = static_cast<std::uint32_t>(frame.size()),
          .raw_bytes = static_cast<std::uint32_t>(raw.size())};
}

class HostilePack : public ::testing::Test {
 protected:
  /// Puts a file among the packs under the name that its bytes ask for.
  void put(const Bytes& file) {
    const std::string name = pack_format::pack_name(chunk_id(file).bytes());
    write_file(test_.packs() / name, text_of(file));
  }
  void put(const Bytes& frames, const std::vector<PackEntry>& entries) {
    put(pack_format::encode_header() + frames + pack_format::encode_footer(entries));
  }
  [[nodiscard]] std::vector<StoreFinding> check() { return test_.store->check(no_progress()); }

  /// What is wrong with the only pack, by its footer.
  std::string refused_by_scan() {
    std::string reason;
    test_.store->scan([](const PackInfo&, std::span<const PackEntry>) {},
                      [&](const StoreFinding& finding) { reason = finding.what; });
    return reason;
  }

  StoreTest test_;
  const Bytes frame_ = frame_of("text");
  PackEntry entry_ = entry_of("text", frame_);
};

TEST_F(HostilePack, IsTakenWhenNothingIsWrong) {
  put(frame_, {entry_});
  EXPECT_EQ(refused_by_scan(), "");
  EXPECT_TRUE(check().empty());
}

TEST_F(HostilePack, WithAHugeRawSizeIsRefused) {
  entry_.raw_bytes = ~std::uint32_t{0};
  put(frame_, {entry_});
  EXPECT_NE(refused_by_scan(), "");
  EXPECT_FALSE(check().empty());
}

TEST_F(HostilePack, WithAHugeStoredSizeIsRefused) {
  entry_.stored_bytes = ~std::uint32_t{0};
  put(frame_, {entry_});
  EXPECT_NE(refused_by_scan(), "");
}

TEST_F(HostilePack, WithEmptyChunksIsRefused) {
  entry_.raw_bytes = 0;
  put(frame_, {entry_});
  EXPECT_NE(refused_by_scan(), "");
}

TEST_F(HostilePack, WithSizesBeyondItsEndIsRefused) {
  entry_.raw_bytes = 4 << 20;
  entry_.stored_bytes = 4 << 20;
  put(frame_, {entry_});
  EXPECT_NE(refused_by_scan().find("size"), std::string::npos) << refused_by_scan();
}

TEST_F(HostilePack, WithBytesThatBelongToNoChunkIsRefused) {
  put(frame_ + frame_, {entry_});
  EXPECT_NE(refused_by_scan(), "");
}

TEST_F(HostilePack, WithAChunkTwiceIsRefused) {
  put(frame_ + frame_, {entry_, entry_});
  EXPECT_NE(refused_by_scan().find("twice"), std::string::npos) << refused_by_scan();
}

TEST_F(HostilePack, WithoutChunksIsRefused) {
  put({}, {});
  EXPECT_NE(refused_by_scan(), "");
}

TEST_F(HostilePack, WithAnUnknownKindIsRefused) {
  entry_.kind = static_cast<ChunkKind>(77);
  put(frame_, {entry_});
  EXPECT_NE(refused_by_scan().find("kind 77"), std::string::npos) << refused_by_scan();
}

TEST_F(HostilePack, WithMoreEntriesThanItHasBytesIsRefused) {
  Bytes file =
      pack_format::encode_header() + frame_ + pack_format::encode_footer(std::vector{entry_});
  const std::size_t count_at = file.size() - pack_format::trailer_bytes;
  file[count_at + 1] = std::byte{0xff};
  put(file);
  EXPECT_NE(refused_by_scan(), "");
  file[count_at + 3] = std::byte{0xff};
  std::filesystem::remove(test_.packs() / test_.pack_names().at(0));
  put(file);
  EXPECT_NE(refused_by_scan(), "");
}

TEST_F(HostilePack, OfANewerFormatIsRefusedNamingBothVersions) {
  Bytes file =
      pack_format::encode_header() + frame_ + pack_format::encode_footer(std::vector{entry_});
  file[8] = std::byte{7};
  put(file);
  const std::string reason = refused_by_scan();
  EXPECT_NE(reason.find("format 7"), std::string::npos) << reason;
  EXPECT_NE(reason.find("formats 1 to 1"), std::string::npos) << reason;
  const auto path = test_.packs() / test_.pack_names().at(0);
  const auto error = error_of([&] { static_cast<void>(describe_pack(path)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::unsupported);
  EXPECT_NE(error->hints().at(0).find("install"), std::string::npos);
}

TEST_F(HostilePack, OfVersionZeroIsRefused) {
  Bytes file =
      pack_format::encode_header() + frame_ + pack_format::encode_footer(std::vector{entry_});
  file[8] = std::byte{0};
  put(file);
  EXPECT_NE(refused_by_scan(), "");
}

TEST_F(HostilePack, WithABombIsRefusedBeforeItGoesOff) {
  const Bytes frame = frame_of(std::string(std::size_t{64} << 20, '\0'));
  ASSERT_LT(frame.size(), 10000U);
  entry_.raw_bytes = 4 << 20;
  entry_.stored_bytes = static_cast<std::uint32_t>(frame.size());
  put(frame, {entry_});
  const auto findings = check();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].what, "its frame says another size");
  EXPECT_EQ(findings[0].chunk, entry_.id);
}

TEST_F(HostilePack, WithAFrameThatHidesItsSizeIsRefused) {
  const CHandle<ZSTD_CCtx, ZSTD_freeCCtx> context(ZSTD_createCCtx());
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  Bytes frame(1000);
  frame.resize(ZSTD_compress2(context.get(), frame.data(), frame.size(), "text", 4));
  put(frame, {entry_of("text", frame)});
  EXPECT_EQ(check().size(), 1U);
}

TEST_F(HostilePack, WithTwoFramesInOneEntryIsRefused) {
  const Bytes frames = frame_ + frame_;
  PackEntry entry = entry_of("texttext", frames);
  put(frames, {entry});
  EXPECT_EQ(check().size(), 1U);
}

TEST_F(HostilePack, WithASkippableFrameIsRefused) {
  const std::string_view skippable("\x50\x2a\x4d\x18\x04\x00\x00\x00text", 12);
  const Bytes frame = Bytes{} + bytes_of(skippable);
  put(frame, {entry_of("text", frame)});
  EXPECT_EQ(check().size(), 1U);
}

TEST_F(HostilePack, WithBytesOfAnotherChunkIsRefused) {
  put(frame_of("fake"), {entry_});
  const auto findings = check();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].what, "its bytes are not what was written");
}

}  // namespace
}  // namespace quemsi::test
