#include "store/image_map.hpp"

#include <fmt/core.h>

#include <unordered_map>
#include <utility>

namespace quemsi {
namespace {

Error unreadable(const ChunkId& manifest, const std::string& reason) {
  return Error(ErrorKind::corrupt, fmt::format("image {} cannot be read", manifest.hex()))
      .cause(reason)
      .hint("rebuild the index from the packs: git quemsi fsck --repair");
}

/// Asks the index; names each pack once.
class Locator {
 public:
  Locator(ChunkIndex& index, std::vector<std::string>& packs) : index_(index), packs_(packs) {}

  ChunkPlace find(const ChunkId& id) {
    std::optional<ChunkLocation> found = index_.find(id);
    if (!found) throw Error(ErrorKind::corrupt, fmt::format("chunk {} is missing", id.hex()));
    found->entry.id = id;
    const auto [known, is_new] = numbers_.try_emplace(found->pack, packs_.size());
    if (is_new) packs_.push_back(std::move(found->pack));
    return {known->second, found->entry};
  }

 private:
  ChunkIndex& index_;
  std::vector<std::string>& packs_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

std::vector<ChunkPlace> locate(const ManifestSection& section, Locator& locator) {
  std::vector<ChunkPlace> places;
  places.reserve(section.chunks.size());
  for (const ManifestChunk& chunk : section.chunks) {
    places.push_back(locator.find(chunk.id));
    if (places.back().entry.raw_bytes != chunk.info.bytes) {
      throw Error(ErrorKind::corrupt, fmt::format("chunk {} has another size", chunk.id.hex()));
    }
  }
  return places;
}

ImageMap build(const ChunkId& id, ChunkIndex& index, PackFiles& files) {
  std::vector<std::string> packs;
  Locator locator(index, packs);
  const auto read = [&](const ChunkPlace& place) {
    return files.open(packs[place.pack])->text(place.entry);
  };
  ImageMap map{
      decode_manifest(read(locator.find(id)),
                      [&](const ManifestPart& part) { return read(locator.find(part.id)); }),
      {},
      {}};
  for (const auto& section : map.manifest.sections) map.places.push_back(locate(section, locator));
  map.packs = std::move(packs);
  return map;
}

}  // namespace

ImageMap map_image(const ChunkId& manifest, ChunkIndex& index, PackFiles& packs) {
  try {
    return build(manifest, index, packs);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::corrupt || !error.hints().empty()) throw;
    throw unreadable(manifest, error.what());
  }
}

}  // namespace quemsi
