// An image's table of contents: which chunks make up which section.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "quemsi/ids.hpp"
#include "quemsi/image.hpp"

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
/// Throws Error(corrupt) with the reason, Error(unsupported) when it is of a newer format.
Manifest decode_manifest(std::string_view text);

}  // namespace quemsi
