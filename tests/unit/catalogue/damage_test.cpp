#include <filesystem>
#include <fstream>

#include "fixture.hpp"
#include "sqlite/connection.hpp"

namespace quemsi {
namespace {

class DamageTest : public CatalogueTest {
 protected:
  void SetUp() override {
    for (int i = 0; i < 50; ++i) {
      Snapshot snapshot = some_snapshot(i);
      snapshot.tags = {"tag " + std::to_string(i)};
      catalogue().insert_snapshot(snapshot);
    }
    reopen();
    // What is damaged must be what is read: nothing stands in the log.
    sqlite::Connection(file(), sqlite::Open::read_write, std::chrono::seconds(1))
        .execute("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /// Everything that a command may ask. Either it works, or it says "corrupt".
  void read_everything() {
    try {
      static_cast<void>(catalogue().snapshots());
      static_cast<void>(catalogue().tags());
      static_cast<void>(catalogue().owners());
      damaged_ = !catalogue().check().empty();
    } catch (const Error& error) {
      EXPECT_TRUE(error.kind() == ErrorKind::corrupt || error.kind() == ErrorKind::engine ||
                  error.kind() == ErrorKind::io)
          << error.what();
      damaged_ = true;
    }
    reopen();
  }

  bool damaged_ = false;
};

TEST_F(DamageTest, OverwrittenPagesAreNoticed) {
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file()));
  for (std::streamoff page = 0; page < size; page += 4096) {
    const std::filesystem::path good = file().string() + ".good";
    std::filesystem::copy_file(file(), good, std::filesystem::copy_options::overwrite_existing);
    {
      std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
      stream.seekp(page);
      stream << std::string(64, '\xff');
    }
    damaged_ = false;
    read_everything();
    EXPECT_TRUE(damaged_) << "page at " << page;
    std::filesystem::remove(file().string() + "-wal");
    std::filesystem::remove(file().string() + "-shm");
    std::filesystem::copy_file(good, file(), std::filesystem::copy_options::overwrite_existing);
  }
}

TEST_F(DamageTest, ATruncatedFileIsNoticed) {
  std::filesystem::resize_file(file(), std::filesystem::file_size(file()) / 2);
  read_everything();
  EXPECT_TRUE(damaged_);
}

TEST_F(DamageTest, TheMessageSaysHowToRepair) {
  std::ofstream(file(), std::ios::binary) << std::string(8192, 'x');
  try {
    catalogue();
    FAIL() << "garbage was opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::corrupt);
    ASSERT_FALSE(error.hints().empty());
    EXPECT_NE(error.hints().front().find("git quemsi fsck --repair"), std::string::npos);
  }
}

}  // namespace
}  // namespace quemsi
