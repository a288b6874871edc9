// One database's content as a stream: the seam at which engines and the store
// meet without knowing each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace quemsi {

/// Engine-defined facts, kept verbatim in the manifest (UTF-8 keys and values).
using Attributes = std::map<std::string, std::string>;

/// A run of chunks of one meaning: a file's pages, a table's rows, a script.
struct SectionHeader {
  std::string name;  ///< unique inside the image
  Attributes attributes;
};

struct ImageHeader {
  std::string engine;         ///< registry name, "sqlite"
  std::string engine_format;  ///< version of the engine's own layout of sections
  Attributes attributes;      ///< server version, page size, settings, ...
};

/// Takes one section's chunks in order. Not thread-safe itself, but several
/// sections of one image may be written from several threads at once.
class SectionSink {
 public:
  virtual ~SectionSink() = default;
  /// One chunk, 1 byte to `max_chunk_bytes`. `rows` counts what it holds (0 where
  /// that has no meaning), `first_key` names its first row for later diffs.
  virtual void chunk(std::span<const std::byte> bytes, std::uint64_t rows,
                     std::string_view first_key) = 0;
  /// Must be called once; a section that was not finished fails the image.
  virtual void finish() = 0;
};

/// Takes an image. Nothing counts until the owner of the sink commits it.
class ImageSink {
 public:
  static constexpr std::size_t max_chunk_bytes = std::size_t{4} << 20;
  virtual ~ImageSink() = default;
  /// Must be called first, once.
  virtual void header(const ImageHeader& header) = 0;
  /// Sections are listed in the order in which they were opened.
  virtual std::unique_ptr<SectionSink> section(const SectionHeader& header) = 0;
};

struct ChunkInfo {
  std::uint64_t bytes;
  std::uint64_t rows;
  std::string first_key;
};

struct SectionInfo {
  SectionHeader header;
  std::vector<ChunkInfo> chunks;
};

/// Gives an image back. Safe to read from several threads.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  [[nodiscard]] virtual const ImageHeader& header() const = 0;
  [[nodiscard]] virtual const std::vector<SectionInfo>& sections() const = 0;
  /// The raw bytes of a chunk, checked against its id.
  /// Throws Error(corrupt) when they are not what was written.
  [[nodiscard]] virtual std::vector<std::byte> read(std::size_t section,
                                                    std::size_t chunk) const = 0;
};

}  // namespace quemsi
