#include "engine/mysql/in_place/emptying.hpp"

#include "engine/common/tally.hpp"
#include "engine/mysql/image_reader.hpp"

namespace quemsi::mysql_engine {

void copy_emptied(const ImageSource& image, ImageSink& sink) {
  const ImageReader reader(image);
  ImageHeader header = image.header();
  header.attributes["content"] = "schema";
  sink.header(header);
  Summary summary;
  const auto write = [&](const char* name, const std::string& text) {
    TallySink section(sink.section({.name = name, .attributes = {}}), no_progress());
    write_text(section, text);
    section.finish();
    summary.emplace_back(name, section.tally());
  };
  write(schema_section, objects_text(reader.makes()) + objects_text(reader.objects()) +
                            objects_text(reader.triggers()));
  write(summary_section, summary_text(summary));
}

}  // namespace quemsi::mysql_engine
