#include "store/packed_image.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "store/parallel.hpp"

namespace quemsi {
namespace {

std::vector<SectionInfo> describe_sections(const Manifest& manifest) {
  std::vector<SectionInfo> infos;
  for (const ManifestSection& section : manifest.sections) {
    SectionInfo info{section.header, {}};
    info.chunks.reserve(section.chunks.size());
    for (const ManifestChunk& chunk : section.chunks) info.chunks.push_back(chunk.info);
    infos.push_back(std::move(info));
  }
  return infos;
}

/// In the order of the disk, each chunk as often as the image has it.
std::vector<ChunkPlace> in_disk_order(const ImageMap& map) {
  std::vector<ChunkPlace> places;
  for (const auto& section : map.places) {
    places.insert(places.end(), section.begin(), section.end());
  }
  std::ranges::sort(places, {}, [](const ChunkPlace& place) {
    return std::tuple(place.pack, place.entry.offset, place.entry.id);
  });
  return places;
}

}  // namespace

PackedImage::PackedImage(ImageMap map, const std::filesystem::path& packs, FileLock hold)
    : map_(std::move(map)),
      sections_(describe_sections(map_.manifest)),
      hold_(std::move(hold)),
      packs_(packs) {}

std::vector<std::byte> PackedImage::read(std::size_t section, std::size_t chunk) const {
  if (section >= map_.places.size() || chunk >= map_.places[section].size()) {
    throw Error(ErrorKind::internal, "the image has no such chunk");
  }
  const ChunkPlace& place = map_.places[section][chunk];
  return packs_.open(map_.packs[place.pack])->chunk(place.entry);
}

void verify_chunks(const ImageMap& map, PackFiles& packs, Progress& progress) {
  const std::vector<ChunkPlace> places = in_disk_order(map);
  for_each_in_parallel(places.size(), [&](std::size_t i) {
    progress.check_cancelled();
    const ChunkPlace& place = places[i];
    const bool read_before = i > 0 && places[i - 1].entry.id == place.entry.id;
    if (!read_before) static_cast<void>(packs.open(map.packs[place.pack])->chunk(place.entry));
    progress.advance(place.entry.raw_bytes);
  });
}

}  // namespace quemsi
