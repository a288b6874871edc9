// An image, looked through before anything is built from it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/postgresql/catalog.hpp"
#include "engine/postgresql/image_format.hpp"
#include "engine/postgresql/script.hpp"
#include "quemsi/image.hpp"

namespace quemsi::postgresql_engine {

struct RowsSection {
  std::size_t section = 0;  ///< its place in the image
  TableShape table;
};

class ImageReader {
 public:
  /// Reads all but rows and large objects. Throws Error(corrupt), Error(unsupported).
  explicit ImageReader(const ImageSource& image);

  [[nodiscard]] const ImageHeader& header() const { return image_.header(); }
  [[nodiscard]] const Script& pre_data() const { return pre_data_; }
  [[nodiscard]] const Script& post_data() const { return post_data_; }
  [[nodiscard]] const std::vector<RowsSection>& rows() const { return rows_; }
  [[nodiscard]] const std::vector<SequenceValue>& sequences() const { return sequences_; }
  [[nodiscard]] std::optional<std::size_t> large_objects() const { return large_objects_; }

  [[nodiscard]] const std::vector<ChunkInfo>& chunks(std::size_t section) const;
  /// What the image says of a section, to be compared with what was read.
  [[nodiscard]] const Tally& tally(std::size_t section) const;
  /// Throws Error(corrupt) when it has not the size that the image says. From any thread.
  [[nodiscard]] std::vector<std::byte> chunk(std::size_t section, std::size_t chunk) const;
  /// Throws Error(corrupt) unless `read` is what the image says of the section.
  void check(std::size_t section, const Tally& read) const;

 private:
  void read_summary();
  void read_section(std::size_t section);
  [[nodiscard]] std::string text(std::size_t section) const;

  const ImageSource& image_;
  const std::vector<SectionInfo>& sections_;  ///< the image's
  std::map<std::string, Tally> summary_;
  std::optional<std::size_t> large_objects_;
  Script pre_data_;
  Script post_data_;
  std::vector<RowsSection> rows_;
  std::vector<SequenceValue> sequences_;
};

}  // namespace quemsi::postgresql_engine
