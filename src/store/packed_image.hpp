// An image read out of packs.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "quemsi/image.hpp"
#include "quemsi/progress.hpp"
#include "store/image_map.hpp"
#include "store/pack_file.hpp"
#include "util/file_lock.hpp"

namespace quemsi {

class PackedImage : public ImageSource {
 public:
  /// `hold`: as long as it lasts no pack is removed.
  PackedImage(ImageMap map, const std::filesystem::path& packs, FileLock hold);

  [[nodiscard]] const ImageHeader& header() const override { return map_.manifest.header; }
  [[nodiscard]] const std::vector<SectionInfo>& sections() const override { return sections_; }
  [[nodiscard]] std::vector<std::byte> read(std::size_t section, std::size_t chunk) const override;

 private:
  ImageMap map_;
  std::vector<SectionInfo> sections_;
  FileLock hold_;
  mutable PackFiles packs_;  ///< opening a pack changes nothing that a reader sees
};

/// Reads every chunk of the image's sections, and counts each as often as the
/// image has it. Throws Error(corrupt).
void verify_chunks(const ImageMap& map, PackFiles& packs, Progress& progress);

}  // namespace quemsi
