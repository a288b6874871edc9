#include "store/image_writer.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <span>
#include <utility>

#include "store/pack_format.hpp"

namespace quemsi {
namespace {

Error misused(std::string message) { return {ErrorKind::internal, std::move(message)}; }

std::uint64_t raw_bytes(const Manifest& manifest) {
  std::uint64_t bytes = 0;
  for (const ManifestSection& section : manifest.sections) {
    for (const ManifestChunk& chunk : section.chunks) bytes += chunk.info.bytes;
  }
  return bytes;
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace

class PackedImageWriter::Sink : public SectionSink {
 public:
  Sink(ChunkWriter& chunks, Section& section) : chunks_(chunks), section_(section) {}

  void chunk(std::span<const std::byte> bytes, std::uint64_t rows,
             std::string_view first_key) override {
    if (section_.finished) throw misused("a chunk came after the end of its section");
    if (bytes.empty() || bytes.size() > ImageSink::max_chunk_bytes) {
      throw misused(fmt::format("a chunk cannot have {} bytes", bytes.size()));
    }
    const ChunkId id = chunks_.add(ChunkKind::data, bytes);
    section_.content.chunks.push_back({id, {bytes.size(), rows, std::string(first_key)}});
  }

  void finish() override {
    if (std::exchange(section_.finished, true)) throw misused("a section was finished twice");
  }

 private:
  ChunkWriter& chunks_;
  Section& section_;
};

void PackedImageWriter::header(const ImageHeader& header) {
  require_open();
  if (header_) throw misused("an image has one header");
  header_ = header;
}

std::unique_ptr<SectionSink> PackedImageWriter::section(const SectionHeader& header) {
  const std::lock_guard lock(mutex_);
  require_open();
  if (!header_) throw misused("an image's header comes before its sections");
  if (!names_.insert(header.name).second) {
    throw misused(fmt::format("section {} was opened twice", header.name));
  }
  sections_.push_back({.content = {.header = header, .chunks = {}}});
  return std::make_unique<Sink>(chunks_, sections_.back());
}

SealedImage PackedImageWriter::commit() {
  require_open();
  const Manifest manifest = take_manifest();
  const std::string text = encode_manifest(manifest);
  if (text.size() > pack_format::max_raw_bytes(ChunkKind::manifest)) {
    throw Error(ErrorKind::unsupported, "the database is too large: its manifest exceeds 256 MiB");
  }
  committed_ = true;
  const ChunkId id = add_manifest(text);
  ChunkWriter::Result result = chunks_.commit();
  return {id, raw_bytes(manifest), result.stored_bytes, std::move(result.packs)};
}

ChunkId PackedImageWriter::add_manifest(std::string_view text) {
  const std::vector<std::string_view> stretches = cut_manifest(text);
  if (stretches.size() == 1) return chunks_.add(ChunkKind::manifest, bytes_of(text));
  std::vector<ManifestPart> parts;
  for (const std::string_view stretch : stretches) {
    parts.push_back({chunks_.add(ChunkKind::data, bytes_of(stretch)), stretch.size()});
  }
  return chunks_.add(ChunkKind::manifest, bytes_of(encode_parts(parts)));
}

void PackedImageWriter::require_open() const {
  if (committed_) throw misused("the image has been committed already");
}

Manifest PackedImageWriter::take_manifest() {
  if (!header_) throw misused("the image has no header");
  Manifest manifest{.header = *header_, .sections = {}};
  for (Section& section : sections_) {
    if (!section.finished) {
      throw misused(fmt::format("section {} was not finished", section.content.header.name));
    }
    manifest.sections.push_back(std::move(section.content));
  }
  return manifest;
}

}  // namespace quemsi
