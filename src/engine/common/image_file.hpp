// An image as a file: what a parked copy is where no database, or no schema, can be made.
//
//   magic (16 bytes) | chunks, one behind another | index (CBOR) | trailer (32 bytes)
//
// FORMAT.md is the specification.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/common/spool.hpp"
#include "quemsi/image.hpp"
#include "util/atomic_file.hpp"
#include "util/fd.hpp"

namespace quemsi {

/// Takes an image; only commit() makes it a file of that name. Its temporary file is locked, so
/// that what a killed process has left can be told apart.
class ImageFileDraft final : public ImageSink {
 public:
  explicit ImageFileDraft(const std::filesystem::path& target);

  void header(const ImageHeader& header) override { spool_.header(header); }
  std::unique_ptr<SectionSink> section(const SectionHeader& header) override {
    return spool_.section(header);
  }
  /// Ends writing. What was written can be read from then on.
  const ImageSource& close();
  /// Durable on return. `notes` are the engine's own, beside the image.
  void commit(const Attributes& notes = {});

 private:
  std::filesystem::path target_;
  AtomicFile file_;
  Spool spool_;
};

/// Safe to read from several threads; goes on reading what it opened when the name is gone.
class ImageFile final : public ImageSource {
 public:
  /// Throws Error(corrupt) for what ImageFileDraft did not write, Error(io) when there is none.
  explicit ImageFile(const std::filesystem::path& path);

  [[nodiscard]] const ImageHeader& header() const override { return header_; }
  [[nodiscard]] const std::vector<SectionInfo>& sections() const override { return sections_; }
  [[nodiscard]] std::vector<std::byte> read(std::size_t section, std::size_t chunk) const override;
  /// See ImageFileDraft::commit().
  [[nodiscard]] const Attributes& notes() const { return notes_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  void parse_index(const std::vector<std::byte>& index);

  std::filesystem::path path_;
  Fd fd_;
  std::uint64_t bytes_ = 0;
  ImageHeader header_;
  std::vector<SectionInfo> sections_;
  std::vector<std::vector<ChunkPlace>> places_;
  Attributes notes_;
};

}  // namespace quemsi
