#include "engine/postgresql/image_reader.hpp"

#include "engine/postgresql/header.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {

ImageReader::ImageReader(const ImageSource& image) : CheckedImage(image, damaged_image) {
  check_header(image.header());
  read_summary();
  bool schema = false;
  bool rest = false;
  for (std::size_t i = 0; i + 1 < sections().size(); ++i) {
    const std::string& name = sections()[i].header.name;
    schema = schema || name == pre_data_section;
    rest = rest || name == post_data_section;
    read_section(i);
  }
  if (!schema || !rest) bad_image("it has no schema");
}

void ImageReader::read_section(std::size_t section) {
  const SectionHeader& header = sections()[section].header;
  if (auto table = parse_rows_header(header)) {
    rows_.push_back({section, std::move(*table)});
  } else if (header.name == pre_data_section) {
    pre_data_ = parse_script(text(section));
  } else if (header.name == post_data_section) {
    post_data_ = parse_script(text(section));
  } else if (header.name == sequences_section) {
    sequences_ = parse_sequences(text(section));
  } else if (header.name == large_objects_section) {
    large_objects_ = section;
  } else {
    bad_image("there should be no section " + header.name);
  }
}

}  // namespace quemsi::postgresql_engine
