// An image in a file: its chunks one behind another, and in memory where each of them is.
#pragma once

#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include "quemsi/image.hpp"
#include "util/fd.hpp"

namespace quemsi {

/// Where a file holds a chunk.
struct ChunkPlace {
  std::uint64_t offset = 0;
  std::uint64_t checksum = 0;  ///< row_hash() of its bytes
};

/// First written, then read.
class Spool final : public ImageSink, public ImageSource {
 public:
  /// Makes a file without a name in `folder`: it is gone with the object, or with the process.
  explicit Spool(const std::filesystem::path& folder);
  /// Writes from `start` on into a file, which errors call `shown`.
  Spool(Fd fd, std::filesystem::path shown, std::uint64_t start);

  void header(const ImageHeader& header) override;
  std::unique_ptr<SectionSink> section(const SectionHeader& header) override;

  /// Throws Error(internal) when nothing was written.
  [[nodiscard]] const ImageHeader& header() const override;
  [[nodiscard]] const std::vector<SectionInfo>& sections() const override { return sections_; }
  [[nodiscard]] std::vector<std::byte> read(std::size_t section, std::size_t chunk) const override;

  /// Ends writing; to be called before the first read.
  void close();
  /// Of a section's chunks, once closed.
  [[nodiscard]] const std::vector<ChunkPlace>& places(std::size_t section) const {
    return written_.at(section).places;
  }
  /// Behind all that was written.
  [[nodiscard]] std::uint64_t end() const noexcept { return size_; }

 private:
  struct Section {
    SectionInfo info;
    std::vector<ChunkPlace> places;
    bool finished = false;
  };
  class Sink;

  /// The place of `bytes` more.
  std::uint64_t reserve(std::size_t bytes);
  void write_at(std::span<const std::byte> bytes, std::uint64_t offset) const;

  std::filesystem::path shown_;
  Fd fd_;
  std::mutex mutex_;
  std::uint64_t size_ = 0;
  std::optional<ImageHeader> header_;
  std::deque<Section> written_;
  std::vector<SectionInfo> sections_;
};

}  // namespace quemsi
