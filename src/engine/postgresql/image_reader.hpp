// An image, looked through before anything is built from it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/common/checked_image.hpp"
#include "engine/postgresql/catalog.hpp"
#include "engine/postgresql/image_format.hpp"
#include "engine/postgresql/script.hpp"
#include "quemsi/image.hpp"

namespace quemsi::postgresql_engine {

struct RowsSection {
  std::size_t section = 0;  ///< its place in the image
  TableShape table;
};

class ImageReader : public CheckedImage {
 public:
  /// Reads all but rows and large objects. Throws Error(corrupt), Error(unsupported).
  explicit ImageReader(const ImageSource& image);

  [[nodiscard]] const Script& pre_data() const { return pre_data_; }
  [[nodiscard]] const Script& post_data() const { return post_data_; }
  [[nodiscard]] const std::vector<RowsSection>& rows() const { return rows_; }
  [[nodiscard]] const std::vector<SequenceValue>& sequences() const { return sequences_; }
  [[nodiscard]] std::optional<std::size_t> large_objects() const { return large_objects_; }

 private:
  void read_section(std::size_t section);

  std::optional<std::size_t> large_objects_;
  Script pre_data_;
  Script post_data_;
  std::vector<RowsSection> rows_;
  std::vector<SequenceValue> sequences_;
};

}  // namespace quemsi::postgresql_engine
