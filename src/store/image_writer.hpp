// An image on its way into the store.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "quemsi/store.hpp"
#include "store/chunk_writer.hpp"
#include "store/manifest.hpp"

namespace quemsi {

class PackedImageWriter : public ImageWriter {
 public:
  PackedImageWriter(const StoreFolder& folder, ChunkIndex& index) : chunks_(folder, index) {}

  void header(const ImageHeader& header) override;
  std::unique_ptr<SectionSink> section(const SectionHeader& header) override;
  SealedImage commit() override;

 private:
  struct Section {
    ManifestSection content;
    bool finished = false;
  };
  class Sink;

  void require_open() const;
  /// Moves the sections out.
  Manifest take_manifest();
  ChunkId add_manifest(std::string_view text);

  ChunkWriter chunks_;
  std::mutex mutex_;  ///< for opening sections; each is written by its own sink
  std::optional<ImageHeader> header_;
  std::deque<Section> sections_;
  std::unordered_set<std::string> names_;
  bool committed_ = false;
};

}  // namespace quemsi
