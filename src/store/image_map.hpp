// Where each chunk of an image is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "quemsi/store.hpp"
#include "store/manifest.hpp"
#include "store/pack_file.hpp"

namespace quemsi {

/// A chunk's place, in a pack of the map's list.
struct ChunkPlace {
  std::size_t pack;
  PackEntry entry;
};

struct ImageMap {
  Manifest manifest;
  std::vector<std::string> packs;  ///< those that hold the manifest, too
  /// By section and chunk, as in the manifest.
  std::vector<std::vector<ChunkPlace>> places;
};

/// Reads the manifest, looks every chunk up. Throws Error(corrupt) when one is
/// missing, or is not what the manifest says.
ImageMap map_image(const ChunkId& manifest, ChunkIndex& index, PackFiles& packs);

}  // namespace quemsi
