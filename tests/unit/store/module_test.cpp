#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "store/loader.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {
namespace {

class Index : public ChunkIndex {
 public:
  std::optional<ChunkLocation> find(const ChunkId& id) override {
    const auto found = chunks_.find(id);
    return found == chunks_.end() ? std::nullopt : std::optional(found->second);
  }
  void add_pack(const PackInfo& pack, std::span<const PackEntry> entries) override {
    for (const PackEntry& entry : entries) chunks_.insert({entry.id, {pack.name, entry}});
  }

 private:
  std::map<ChunkId, ChunkLocation> chunks_;
};

TEST(StoreModule, KeepsAndGivesBackWhatTheProgramWrites) {
  TempDir dir;
  Index index;
  const auto store = load_store(QUEMSI_MODULE_DIR, dir.path() / "quemsi", index);
  const auto hold = store->hold_packs(std::chrono::milliseconds(0));
  const ChunkLocation record = store->write_record("text");
  EXPECT_EQ(store->read_record(record.entry.id), "text");
  const std::string text =
      load_describe_pack(QUEMSI_MODULE_DIR, dir.path() / "quemsi" / "packs" / record.pack);
  EXPECT_NE(text.find(record.entry.id.hex()), std::string::npos);
}

TEST(StoreModule, ThrowsErrorsThatTheProgramCatchesAfterTheStoreIsGone) {
  TempDir dir;
  Index index;
  std::optional<Error> caught;
  {
    const auto store = load_store(QUEMSI_MODULE_DIR, dir.path() / "quemsi", index);
    try {
      static_cast<void>(store->read_image(ChunkId(ChunkId::Bytes{})));
    } catch (const Error& error) {
      caught = error;
    }
  }
  ASSERT_TRUE(caught);
  EXPECT_EQ(caught->kind(), ErrorKind::corrupt);
  EXPECT_FALSE(caught->hints().empty());
}

TEST(StoreModule, HandsOnWhatTheProgramsIndexThrows) {
  class FailingIndex : public Index {
   public:
    void add_pack(const PackInfo& /*pack*/, std::span<const PackEntry> /*entries*/) override {
      throw Error(ErrorKind::busy, "locked").hint("wait");
    }
  };
  TempDir dir;
  FailingIndex index;
  const auto store = load_store(QUEMSI_MODULE_DIR, dir.path() / "quemsi", index);
  const auto hold = store->hold_packs(std::chrono::milliseconds(0));
  try {
    static_cast<void>(store->write_record("text"));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::busy);
    EXPECT_EQ(error.hints(), std::vector<std::string>{"wait"});
  }
}

TEST(StoreModule, SaysWhatToInstallWhenItIsMissing) {
  TempDir dir;
  Index index;
  try {
    static_cast<void>(load_store(dir.path(), dir.path() / "quemsi", index));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_FALSE(error.hints().empty());
  }
}

TEST(StoreModule, SparesTheProgramOpenSslAndZstd) {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  const std::string program{std::istreambuf_iterator<char>(file), {}};
  // Put together here, so that the test does not find itself.
  const std::string ending = ".so.";
  EXPECT_NE(program.find("libc" + ending), std::string::npos);
  EXPECT_EQ(program.find("libzstd" + ending), std::string::npos);
  EXPECT_EQ(program.find("libcrypto" + ending), std::string::npos);
}

}  // namespace
}  // namespace quemsi::test
