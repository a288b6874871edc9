// A long manifest, cut so that the manifests of similar images share what is equal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/ids.hpp"

namespace quemsi {

inline constexpr std::uint64_t manifest_parts_format = 2;

/// A stretch of a manifest's text, kept as a chunk of its own.
struct ManifestPart {
  ChunkId id;
  std::uint64_t bytes;
};

/// Cuts where the text itself says so, whatever stands before: equal texts are cut alike, and so is
/// what two texts have in common. The whole text when it is short.
std::vector<std::string_view> cut_manifest(std::string_view text);
/// What stands for a manifest that is kept in parts.
std::string encode_parts(const std::vector<ManifestPart>& parts);

}  // namespace quemsi
