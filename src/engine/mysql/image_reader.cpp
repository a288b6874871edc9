#include "engine/mysql/image_reader.hpp"

#include <algorithm>
#include <array>

#include "engine/mysql/header.hpp"

namespace quemsi::mysql_engine {

ImageReader::ImageReader(const ImageSource& image)
    : CheckedImage(image, damaged_image), facts_(check_header(image.header())) {
  read_summary();
  bool schema = false;
  for (std::size_t i = 0; i + 1 < sections().size(); ++i) {
    schema = schema || sections()[i].header.name == schema_section;
    read_section(i);
  }
  if (!schema) bad_image("it has no schema");
}

void ImageReader::read_section(std::size_t section) {
  const SectionHeader& header = sections()[section].header;
  if (auto table = parse_rows_header(header)) {
    rows_.push_back({section, std::move(*table)});
  } else if (header.name == schema_section) {
    sort_objects(parse_objects(text(section)));
  } else if (header.name == counters_section) {
    counters_ = parse_counters(text(section));
  } else {
    bad_image("there should be no section " + header.name);
  }
}

void ImageReader::sort_objects(SchemaObjects objects) {
  static constexpr std::array<std::string_view, 6> kinds{"VIEW",    "PROCEDURE",    "FUNCTION",
                                                         "PACKAGE", "PACKAGE BODY", "EVENT"};
  for (SchemaObject& object : objects) {
    if (object.kind == "TABLE" || object.kind == "SEQUENCE") {
      makes_.push_back(std::move(object));
    } else if (object.kind == "TRIGGER") {
      triggers_.push_back(std::move(object));
    } else if (std::ranges::find(kinds, object.kind) != kinds.end()) {
      objects_.push_back(std::move(object));
    } else {
      bad_image("there should be no " + object.kind);
    }
  }
}

}  // namespace quemsi::mysql_engine
