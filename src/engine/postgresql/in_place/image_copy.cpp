#include "engine/postgresql/in_place/image_copy.hpp"

#include "engine/common/image_copy.hpp"
#include "engine/postgresql/image_reader.hpp"
#include "engine/postgresql/properties.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// Large objects are rows of a kind: neither they nor what is said about them is schema.
bool is_of_large_object(const ScriptItem& item) {
  return item.type.starts_with("BLOB") || item.header.starts_with("Name: LARGE OBJECT");
}

Script without_large_objects(Script script) {
  std::erase_if(script, is_of_large_object);
  return script;
}

}  // namespace

void copy_verified(const ImageSource& image, ImageSink& sink, Progress& progress) {
  const ImageReader reader(image);
  static_cast<void>(properties_from(reader.header().attributes));
  quemsi::copy_verified(image, reader, sink, progress);
}

void copy_emptied(const ImageSource& image, ImageSink& sink) {
  const ImageReader reader(image);
  write_schema_alone(image.header(),
                     {{pre_data_section, script_text(without_large_objects(reader.pre_data()))},
                      {post_data_section, script_text(without_large_objects(reader.post_data()))}},
                     sink);
}

}  // namespace quemsi::postgresql_engine
