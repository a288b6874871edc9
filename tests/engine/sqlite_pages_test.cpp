#include "engine/sqlite/pages.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "engine/sqlite/image_writer.hpp"
#include "engine/sqlite_world.hpp"

namespace quemsi::sqlite_engine::test {
namespace {

constexpr std::uint64_t gigabyte = std::uint64_t{1} << 30;

class SqlitePages : public SqliteWorld, public testing::WithParamInterface<int> {};

/// Keeps the one chunk that begins at an offset.
class ChunkAt : public ImageSink, public SectionSink {
 public:
  explicit ChunkAt(std::uint64_t offset) : wanted_(offset) {}
  void header(const ImageHeader&) override {}
  std::unique_ptr<SectionSink> section(const SectionHeader&) override {
    return std::make_unique<Forward>(*this);
  }
  void chunk(std::span<const std::byte> bytes, std::uint64_t, std::string_view) override {
    if (offset_ == wanted_) kept.assign(bytes.begin(), bytes.end());
    offset_ += bytes.size();
  }
  void finish() override {}

  std::vector<std::byte> kept;

 private:
  class Forward : public SectionSink {
   public:
    explicit Forward(SectionSink& to) : to_(to) {}
    void chunk(std::span<const std::byte> bytes, std::uint64_t rows,
               std::string_view first_key) override {
      to_.chunk(bytes, rows, first_key);
    }
    void finish() override { to_.finish(); }

   private:
    SectionSink& to_;
  };

  std::uint64_t wanted_;
  std::uint64_t offset_ = 0;
};

TEST_P(SqlitePages, LayoutIsWhatSqliteSays) {
  make_live("wal", GetParam());
  const PageLayout layout = read_layout(open_file(live_, O_RDONLY), live_);
  const std::string expected = sqlite_shell(live_,
                                            "PRAGMA page_size; PRAGMA page_count;"
                                            "PRAGMA schema_version; PRAGMA encoding;");
  EXPECT_EQ(std::to_string(layout.page_size) + "\n" + std::to_string(layout.page_count) + "\n" +
                std::to_string(layout.schema_cookie) + "\n" + layout.encoding + "\n",
            expected);
  EXPECT_TRUE(layout.wal);
}

TEST_P(SqlitePages, ImageBringsBackEveryPage) {
  make_live("delete", GetParam());
  MemoryImage image;
  database_.pin(Content::all)->write(image, no_progress());
  const ParkedName name = new_name();
  database_.materialise(image, name, no_progress());
  EXPECT_EQ(read_text_file(path_of(name)), read_text_file(live_));
}

INSTANTIATE_TEST_SUITE_P(Sizes, SqlitePages,
                         testing::Values(512, 1024, 2048, 4096, 8192, 16384, 32768, 65536));

TEST(SqliteLockPage, IsBlankedWhereItMeetsAChunk) {
  for (const std::uint32_t page_size : {512U, 4096U, 65536U}) {
    std::vector<std::byte> chunk(65536, std::byte{1});
    blank_lock_page(chunk, gigabyte, page_size);
    EXPECT_EQ(std::ranges::count(chunk, std::byte{0}), page_size);
    EXPECT_EQ(chunk.front(), std::byte{0});
  }
}

TEST(SqliteLockPage, IsLookedForAtOneGigabyteOnly) {
  std::vector<std::byte> chunk(65536, std::byte{1});
  blank_lock_page(chunk, 0, 4096);
  blank_lock_page(chunk, gigabyte - chunk.size(), 4096);
  blank_lock_page(chunk, gigabyte + 4096, 4096);
  blank_lock_page(chunk, 4 * gigabyte, 4096);
  EXPECT_EQ(std::ranges::count(chunk, std::byte{0}), 0);
}

TEST_F(SqliteWorld, ImageOfABigDatabaseHasABlankLockPage) {
  make_live("delete", 4096);
  {
    const Fd fd = open_file(live_, O_RDWR);
    // Sparse, and with what SQLite would never read.
    const std::uint32_t pages = __builtin_bswap32(gigabyte / 4096 + 20);
    ASSERT_EQ(pwrite(fd.get(), &pages, 4, 28), 4);
    ASSERT_EQ(ftruncate(fd.get(), gigabyte + 20 * 4096), 0);
    const std::string dirt(3 * 4096, 'x');
    ASSERT_EQ(pwrite(fd.get(), dirt.data(), dirt.size(), gigabyte - 4096),
              static_cast<ssize_t>(dirt.size()));
  }
  ChunkAt sink(gigabyte);
  write_image(live_, sink, no_progress());
  ASSERT_EQ(sink.kept.size(), 65536U);
  EXPECT_EQ(std::ranges::count(std::span(sink.kept).first(4096), std::byte{0}), 4096);
  EXPECT_EQ(std::ranges::count(sink.kept, std::byte{'x'}), 4096);
}

TEST_F(SqliteWorld, LayoutRefusesWhatIsNoDatabase) {
  const std::filesystem::path file = dir_.path() / "file";
  for (const std::string& text : {std::string("short"), std::string(4096, 'x')}) {
    std::filesystem::remove(file);
    write_all(open_file(file, O_WRONLY | O_CREAT), std::as_bytes(std::span(text)), file);
    EXPECT_EQ(error_of([&] { read_layout(open_file(file, O_RDONLY), file); }).kind(),
              ErrorKind::corrupt);
  }
  make_live();
  std::filesystem::resize_file(live_, 4096);
  EXPECT_EQ(error_of([&] { read_layout(open_file(live_, O_RDONLY), live_); }).kind(),
            ErrorKind::corrupt);
}

}  // namespace
}  // namespace quemsi::sqlite_engine::test
