// Packs as a release wrote them: what is on somebody's disk has to stay readable.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

const std::filesystem::path fixtures = QUEMSI_STORE_FIXTURES;

const char* const golden_image_pack =
    "1b9969d131740f8734b462d9b34e85f8b3fcdf65bf959bc93e745326d04d667d.pack";
const char* const golden_record_pack =
    "360187a50034924902561a4f79b793460d099d97c6e588938700dd886f8c7d76.pack";
const char* const golden_manifest =
    "cddc004c0d9c560db5ba491a8b8ee611fe75ea14649167c614c9c5a2c3fb3f05";
const char* const golden_record = "{\"format\":1,\"snapshot\":{\"tags\":[\"v1\"]}}";

/// What the golden packs hold: a text that compresses, one that does not, keys, no rows.
TestImage golden_image() {
  return {{"sqlite", "1", {{"page_size", "4096"}}},
          {{{"pages", {{"file", "app.db"}}},
            {{std::string(4096, 'a')}, {"SQLite format 3"}, {std::string(4096, 'a')}}},
           {{"table t", {{"key", "id"}}},
            {{"1\tone\n2\ttwo\n", 2, "1"}, {"3\tthree\n", 1, std::string("\x00\xff", 2)}}},
           {{"empty", {}}, {}}}};
}

void copy_golden(StoreTest& test) {
  for (const auto& entry : std::filesystem::directory_iterator(fixtures / "golden")) {
    std::filesystem::copy(entry.path(), test.packs());
  }
}

TEST(StoreFixtures, GoldenPacksAreWhole) {
  StoreTest test;
  copy_golden(test);
  const auto findings = test.store->check(no_progress());
  EXPECT_TRUE(findings.empty()) << findings.at(0).pack << ": " << findings.at(0).what;
  EXPECT_EQ(test.pack_names().size(), 2U);
}

TEST(StoreFixtures, GoldenImageIsRead) {
  StoreTest test;
  copy_golden(test);
  test.rebuild_index();
  const ChunkId manifest = ChunkId::parse(golden_manifest).value();
  EXPECT_TRUE(test.read(manifest) == golden_image());
  EXPECT_EQ(test.store->packs_of_image(manifest), std::vector<std::string>{golden_image_pack});
}

TEST(StoreFixtures, GoldenRecordIsRead) {
  StoreTest test;
  copy_golden(test);
  test.rebuild_index();
  for (const auto& [id, location] : test.index.chunks) {
    if (location.pack == golden_record_pack) {
      EXPECT_EQ(test.store->read_record(id), golden_record);
      return;
    }
  }
  FAIL() << "the record is not there";
}

TEST(StoreFixtures, GoldenImageSealedAgainHasTheSameManifestAndAddsNothing) {
  StoreTest test;
  copy_golden(test);
  test.rebuild_index();
  const SealedImage sealed = test.seal(golden_image());
  EXPECT_EQ(sealed.manifest.hex(), golden_manifest);
  EXPECT_EQ(sealed.stored_bytes, 0U);
}

struct Damaged {
  const char* file;
  const char* found;
};

class DamagedFixture : public ::testing::TestWithParam<Damaged> {};

TEST_P(DamagedFixture, IsFoundWithTheRightReason) {
  StoreTest test;
  std::filesystem::copy(fixtures / "damaged" / GetParam().file, test.packs() / golden_image_pack);
  std::string reasons;
  for (const StoreFinding& finding : test.store->check(no_progress())) {
    EXPECT_EQ(finding.pack, golden_image_pack);
    reasons += finding.what + "\n";
  }
  EXPECT_NE(reasons.find(GetParam().found), std::string::npos) << reasons;
}

INSTANTIATE_TEST_SUITE_P(
    Store, DamagedFixture,
    ::testing::Values(Damaged{"empty.pack", "ends too early"},
                      Damaged{"zeroes.pack", "it is not a pack"},
                      Damaged{"newline-converted.pack", "it is not a pack"},
                      Damaged{"newer-format.pack", "pack format 2"},
                      Damaged{"cut-short.pack", "its end is missing"},
                      Damaged{"footer-flipped.pack", "its footer is damaged"},
                      Damaged{"chunk-missing.pack", "its size is not what its footer says"},
                      Damaged{"chunk-flipped.pack", "its bytes are not what was written"},
                      Damaged{"unused-bit-flipped.pack", "not those that its name stands for"}),
    [](const auto& fixture) {
      std::string name = fixture.param.file;
      name.resize(name.find('.'));
      std::ranges::replace(name, '-', '_');
      return name;
    });

}  // namespace
}  // namespace quemsi::test
