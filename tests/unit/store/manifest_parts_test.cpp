// Manifests that are too long to be kept whole.
#include "store/manifest_parts.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "store/manifest.hpp"
#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

using Json = nlohmann::json;

constexpr unsigned many = 2000;

/// Its chunks are tiny: what it costs is its manifest.
TestImage long_image(unsigned chunks = many) {
  TestImage image{{"sqlite", "1", {}}, {{{"pages", {}}, {}}}};
  for (unsigned i = 0; i < chunks; ++i) image.sections[0].chunks.push_back({std::to_string(i)});
  return image;
}

std::string long_text(unsigned chunks = many) {
  Manifest manifest{{"sqlite", "1", {}}, {{{"pages", {}}, {}}}};
  for (unsigned i = 0; i < chunks; ++i) {
    const std::string id = fmt::format("{:064x}", i);
    manifest.sections[0].chunks.push_back({ChunkId::parse(id).value(), {i + 1, 0, {}}});
  }
  return encode_manifest(manifest);
}

std::string joined(const std::vector<std::string_view>& stretches) {
  std::string text;
  for (const std::string_view stretch : stretches) text += stretch;
  return text;
}

TEST(ManifestParts, AShortTextStaysWhole) {
  const std::string text = long_text(100);
  EXPECT_THAT(cut_manifest(text), ::testing::ElementsAre(text));
}

TEST(ManifestParts, MakeTheWhole) {
  const std::string text = long_text();
  const auto stretches = cut_manifest(text);
  EXPECT_GT(stretches.size(), 5U);
  EXPECT_LT(stretches.size(), 60U);
  EXPECT_EQ(joined(stretches), text);
}

TEST(ManifestParts, WhatStandsBehindAChangeIsCutAsBefore) {
  const std::string text = long_text();
  std::string changed = text;
  changed.insert(changed.find("{\"bytes\":1000,"), R"({"bytes":9,"id":"0"},)");
  const auto before = cut_manifest(text);
  const auto after = cut_manifest(changed);
  const auto is_known = [&](std::string_view stretch) {
    return std::ranges::find(before, stretch) != before.end();
  };
  EXPECT_LE(std::ranges::count_if(after, std::not_fn(is_known)), 2);
}

TEST(ManifestParts, WithoutAnyPlaceToCutAreNotTooLarge) {
  const std::string text(std::size_t{5} << 19, 'a');
  const auto stretches = cut_manifest(text);
  EXPECT_EQ(stretches.size(), 3U);
  EXPECT_EQ(joined(stretches), text);
}

TEST(ManifestParts, OfAnImageAreReadFromThePacksAlone) {
  StoreTest test;
  const SealedImage sealed = test.seal(long_image());
  test.rebuild_index();
  EXPECT_TRUE(test.read(sealed.manifest) == long_image());
  EXPECT_NO_THROW(test.store->verify_image(sealed.manifest, no_progress()));
  EXPECT_EQ(test.seal(long_image()).manifest, sealed.manifest);
}

TEST(ManifestParts, AreAmongTheChunksOfTheirImage) {
  StoreTest test;
  const SealedImage sealed = test.seal(long_image());
  const auto chunks = test.store->chunks_of_image(sealed.manifest);
  const std::set<ChunkId> named(chunks.begin(), chunks.end());
  EXPECT_GT(named.size(), many + 5U);
  for (const auto& [id, location] : test.index.chunks) EXPECT_TRUE(named.contains(id)) << id.hex();
}

TEST(ManifestParts, ThatTwoImagesShareAreWrittenOnce) {
  StoreTest test;
  const SealedImage first = test.seal(long_image());
  TestImage changed = long_image();
  changed.sections[0].chunks[many / 2].bytes = "changed";
  const SealedImage second = test.seal(changed);
  EXPECT_LT(second.stored_bytes, first.stored_bytes / 10);
  EXPECT_EQ(second.packs, test.store->packs_of_image(second.manifest));
  EXPECT_EQ(second.packs.size(), 2U);
  EXPECT_TRUE(test.read(second.manifest) == changed);
  EXPECT_TRUE(test.read(first.manifest) == long_image());
}

TEST(ManifestParts, AreDescribedWhereTheyStand) {
  StoreTest test;
  const SealedImage first = test.seal(long_image());
  const std::string text = describe_pack(test.packs() / first.packs.at(0));
  EXPECT_NE(text.find(fmt::format("pages: {} chunks", many)), std::string::npos);
  TestImage changed = long_image();
  changed.sections[0].chunks[0].bytes = "changed";
  const SealedImage second = test.seal(changed);
  const auto& added = second.packs[0] == first.packs[0] ? second.packs[1] : second.packs[0];
  EXPECT_NE(describe_pack(test.packs() / added).find("are in other packs"), std::string::npos);
}

TEST(ManifestParts, OutliveTheImageThatTheyWereWrittenFor) {
  StoreTest test;
  static_cast<void>(test.seal(long_image()));
  TestImage changed = long_image();
  changed.sections[0].chunks[many / 2].bytes = "changed";
  const SealedImage second = test.seal(changed);
  const auto needed = test.store->chunks_of_image(second.manifest);
  const std::set<ChunkId> live(needed.begin(), needed.end());
  {
    const std::vector<std::string> old = test.pack_names();
    const auto alone = test.store->hold_packs_alone(no_wait);
    ASSERT_TRUE(alone->merge(old, [&](const ChunkId& id) { return live.contains(id); }));
    alone->remove(old);
  }
  test.rebuild_index();
  EXPECT_TRUE(test.read(second.manifest) == changed);
}

/// Any chunk that is neither data of the image nor its manifest.
ChunkId some_part(StoreTest& test, const SealedImage& sealed) {
  for (const auto& [id, location] : test.index.chunks) {
    if (id != sealed.manifest && location.entry.raw_bytes > 100) return id;
  }
  throw std::logic_error("the image has no parts");
}

TEST(ManifestParts, ThatAreMissingRefuseTheImage) {
  StoreTest test;
  const SealedImage sealed = test.seal(long_image());
  test.index.chunks.erase(some_part(test, sealed));
  const auto error = error_of([&] { static_cast<void>(test.read(sealed.manifest)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::corrupt);
}

TEST(ManifestParts, ThatAreDamagedAreFoundByVerifying) {
  StoreTest test;
  const SealedImage sealed = test.seal(long_image());
  const auto place = test.index.chunks.at(some_part(test, sealed));
  std::string bytes = read_file(test.packs() / place.pack);
  char& byte = bytes[place.entry.offset + place.entry.stored_bytes / 2];
  byte = static_cast<char>(byte ^ 0x10);
  write_file(test.packs() / place.pack, bytes);
  const auto error = error_of([&] { test.store->verify_image(sealed.manifest, no_progress()); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::corrupt);
}

Json in_parts(std::uint64_t bytes, const std::string& id = std::string(64, 'a')) {
  return {{"format", 2}, {"parts", {{{"bytes", bytes}, {"id", id}}}}};
}

std::string reason_to_refuse(const Json& json, const std::string& part) {
  const auto error = error_of([&] {
    static_cast<void>(decode_manifest(json.dump(), [&](const ManifestPart&) { return part; }));
  });
  if (!error) return "none";
  EXPECT_EQ(error->kind(), ErrorKind::corrupt) << json;
  return error->what();
}

TEST(ManifestParts, OfTheRightFormAreRead) {
  const std::string part = encode_manifest({{"sqlite", "1", {}}, {}});
  EXPECT_EQ(reason_to_refuse(in_parts(part.size()), part), "none");
}

TEST(ManifestParts, OfTheWrongFormAreRefused) {
  const std::string part = encode_manifest({{"sqlite", "1", {}}, {}});
  const auto refused = [&](const Json& json) { return reason_to_refuse(json, part); };
  EXPECT_THAT(refused(in_parts(part.size() + 1)), ::testing::HasSubstr("another size"));
  EXPECT_THAT(refused(in_parts(0)), ::testing::HasSubstr("impossible size"));
  EXPECT_THAT(refused(in_parts(ImageSink::max_chunk_bytes + 1)),
              ::testing::HasSubstr("impossible size"));
  EXPECT_THAT(refused(in_parts(part.size(), "zz")), ::testing::HasSubstr("an id is not one"));
  EXPECT_NE(refused({{"format", 2}}), "none");
  EXPECT_NE(refused({{"format", 2}, {"parts", Json::array()}}), "none");
  EXPECT_NE(refused({{"format", 2}, {"parts", "all"}}), "none");
}

/// However long the next one is.
TEST(ManifestParts, AreRefusedAtTheFirstOfAnotherSize) {
  Json json = in_parts(10);
  json["parts"].push_back(in_parts(2)["parts"][0]);
  int read = 0;
  const auto error = error_of([&] {
    static_cast<void>(decode_manifest(json.dump(), [&](const ManifestPart&) {
      ++read;
      return std::string(6, ' ');
    }));
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::corrupt);
  EXPECT_EQ(read, 1);
}

TEST(ManifestParts, InPartsThemselvesAreRefused) {
  const std::string inner = in_parts(1).dump();
  EXPECT_THAT(reason_to_refuse(in_parts(inner.size()), inner),
              ::testing::HasSubstr("in parts themselves"));
}

TEST(ManifestParts, ThatAreTooLargeTogetherAreRefusedUnread) {
  Json json = {{"format", 2}, {"parts", Json::array()}};
  for (int i = 0; i < 65; ++i) {
    json["parts"].push_back(in_parts(ImageSink::max_chunk_bytes)["parts"][0]);
  }
  const auto error = error_of([&] {
    static_cast<void>(decode_manifest(json.dump(), [](const ManifestPart&) -> std::string {
      throw std::logic_error("was read");
    }));
  });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), ::testing::HasSubstr("too large together"));
}

/// As a release wrote them.
TEST(ManifestParts, OfAGoldenPackAreReadAndCutAgainAsTheyWere) {
  StoreTest test;
  const std::filesystem::path golden =
      std::filesystem::path(QUEMSI_STORE_FIXTURES) / "golden-parts";
  for (const auto& entry : std::filesystem::directory_iterator(golden)) {
    std::filesystem::copy(entry.path(), test.packs());
  }
  test.rebuild_index();
  EXPECT_TRUE(test.store->check(no_progress()).empty());
  const SealedImage sealed = test.seal(long_image(800));
  EXPECT_EQ(sealed.stored_bytes, 0U);
  EXPECT_TRUE(test.read(sealed.manifest) == long_image(800));
}

}  // namespace
}  // namespace quemsi::test
