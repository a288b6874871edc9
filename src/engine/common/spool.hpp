// An image on its way from one database to another: a file without a name.
#pragma once

#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include "quemsi/image.hpp"
#include "util/fd.hpp"

namespace quemsi {

/// First written, then read. The file is gone with the object, or with the process.
class Spool final : public ImageSink, public ImageSource {
 public:
  /// Makes the file in `folder`.
  explicit Spool(const std::filesystem::path& folder);

  void header(const ImageHeader& header) override;
  std::unique_ptr<SectionSink> section(const SectionHeader& header) override;

  /// Throws Error(internal) when nothing was written.
  [[nodiscard]] const ImageHeader& header() const override;
  [[nodiscard]] const std::vector<SectionInfo>& sections() const override { return sections_; }
  [[nodiscard]] std::vector<std::byte> read(std::size_t section, std::size_t chunk) const override;

  /// Ends writing; to be called before the first read.
  void close();

 private:
  struct Section {
    SectionInfo info;
    std::vector<std::uint64_t> offsets;
    bool finished = false;
  };
  class Sink;

  /// The place of `bytes` more.
  std::uint64_t reserve(std::size_t bytes);
  void write_at(std::span<const std::byte> bytes, std::uint64_t offset) const;

  std::filesystem::path folder_;
  Fd fd_;
  std::mutex mutex_;
  std::uint64_t size_ = 0;
  std::optional<ImageHeader> header_;
  std::deque<Section> written_;
  std::vector<SectionInfo> sections_;
};

}  // namespace quemsi
