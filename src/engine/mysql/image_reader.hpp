// An image, looked through before anything is built from it.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/common/checked_image.hpp"
#include "engine/mysql/image_format.hpp"
#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {

struct RowsSection {
  std::size_t section = 0;  ///< its place in the image
  TableShape table;
};

class ImageReader : public CheckedImage {
 public:
  /// Reads all but rows. Throws Error(corrupt), Error(unsupported).
  explicit ImageReader(const ImageSource& image);

  [[nodiscard]] const SchemaFacts& facts() const { return facts_; }
  /// Tables and sequences; what needs rows to be there, or is none of them.
  [[nodiscard]] const SchemaObjects& makes() const { return makes_; }
  [[nodiscard]] const SchemaObjects& objects() const { return objects_; }
  [[nodiscard]] const SchemaObjects& triggers() const { return triggers_; }
  [[nodiscard]] const std::vector<Counter>& counters() const { return counters_; }
  [[nodiscard]] const std::vector<RowsSection>& rows() const { return rows_; }

 private:
  void read_section(std::size_t section);
  void sort_objects(SchemaObjects objects);

  SchemaFacts facts_;
  SchemaObjects makes_;
  SchemaObjects objects_;
  SchemaObjects triggers_;
  std::vector<Counter> counters_;
  std::vector<RowsSection> rows_;
};

}  // namespace quemsi::mysql_engine
