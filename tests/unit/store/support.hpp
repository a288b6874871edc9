// A store in a folder of its own, and an index that lives in memory.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "quemsi/store.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {

inline constexpr std::chrono::milliseconds no_wait{0};

/// Stricter than the catalogue: a call while another is under way fails the test.
class MemoryIndex : public ChunkIndex {
 public:
  std::optional<ChunkLocation> find(const ChunkId& id) override;
  void add_pack(const PackInfo& pack, std::span<const PackEntry> entries) override;
  /// Forgets the pack and what was in it.
  void remove_pack(const std::string& name);

  std::map<ChunkId, ChunkLocation> chunks;
  std::map<std::string, std::uint64_t> packs;

 private:
  class OneCall;
  std::atomic<bool> busy_{false};
};

struct TestChunk {
  std::string bytes;
  std::uint64_t rows = 0;
  std::string first_key;
};

struct TestSection {
  SectionHeader header;
  std::vector<TestChunk> chunks;
};

struct TestImage {
  ImageHeader header;
  std::vector<TestSection> sections;
};

class StoreTest {
 public:
  StoreTest();

  [[nodiscard]] std::filesystem::path root() const { return dir_.path() / "quemsi"; }
  [[nodiscard]] std::filesystem::path packs() const { return root() / "packs"; }
  [[nodiscard]] std::filesystem::path temporary() const { return root() / "tmp"; }
  /// Names in packs/, sorted.
  [[nodiscard]] std::vector<std::string> pack_names() const;

  SealedImage seal(const TestImage& image);
  TestImage read(const ChunkId& manifest);
  /// Fills the index from the packs alone.
  void rebuild_index();

  TempDir dir_;
  MemoryIndex index;
  std::unique_ptr<Store> store;
};

/// A small image of every kind of content.
TestImage small_image();
/// Incompressible, the same for the same seed.
std::string noise(std::size_t size, unsigned seed);
void write_section(ImageSink& sink, const TestSection& section);
std::span<const std::byte> bytes_of(std::string_view text);
std::string text_of(std::span<const std::byte> bytes);
std::string read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, std::string_view text);
std::vector<std::string> names_in(const std::filesystem::path& folder);
/// The error that `work` throws; none when it throws none.
std::optional<Error> error_of(const std::function<void()>& work);

}  // namespace quemsi::test

namespace quemsi {
bool operator==(const SectionHeader& left, const SectionHeader& right);
bool operator==(const ImageHeader& left, const ImageHeader& right);
namespace test {
bool operator==(const TestChunk& left, const TestChunk& right);
bool operator==(const TestSection& left, const TestSection& right);
bool operator==(const TestImage& left, const TestImage& right);
}  // namespace test
}  // namespace quemsi
