// An image's table of contents: which chunks make up which section.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/ids.hpp"
#include "quemsi/image.hpp"
#include "store/manifest_parts.hpp"

namespace quemsi {

struct ManifestChunk {
  ChunkId id;
  ChunkInfo info;
};

struct ManifestSection {
  SectionHeader header;
  std::vector<ManifestChunk> chunks;
};

struct Manifest {
  ImageHeader header;
  std::vector<ManifestSection> sections;
};

/// Canonical JSON: equal manifests are equal texts. Throws Error(internal) when a
/// name or an attribute is not UTF-8.
std::string encode_manifest(const Manifest& manifest);

/// Hands out a part's text.
using ReadPart = std::function<std::string(const ManifestPart&)>;
/// `read` is asked for each part in order when the manifest is kept in parts. Throws Error(corrupt)
/// with the reason, Error(unsupported) when it is of a newer format, and what `read` throws.
Manifest decode_manifest(std::string_view text, const ReadPart& read);

}  // namespace quemsi
