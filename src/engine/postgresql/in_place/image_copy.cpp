#include "engine/postgresql/in_place/image_copy.hpp"

#include <deque>

#include "engine/postgresql/image_reader.hpp"
#include "engine/postgresql/properties.hpp"

namespace quemsi::postgresql_engine {
namespace {

void copy_sections(const ImageSource& image, ImageSink& sink, Progress& progress,
                   const std::function<void(std::size_t, const Tally&)>& check) {
  sink.header(image.header());
  for (std::size_t i = 0; i < image.sections().size(); ++i) {
    const SectionInfo& info = image.sections()[i];
    TallySink section(sink.section(info.header), progress);
    for (std::size_t c = 0; c < info.chunks.size(); ++c) {
      const std::vector<std::byte> bytes = image.read(i, c);
      section.chunk({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                    info.chunks[c].rows, info.chunks[c].first_key);
    }
    section.finish();
    check(i, section.tally());
  }
}

/// Large objects are rows of a kind: neither they nor what is said about them is schema.
bool is_of_large_object(const ScriptItem& item) {
  return item.type.starts_with("BLOB") || item.header.starts_with("Name: LARGE OBJECT");
}

Script without_large_objects(Script script) {
  std::erase_if(script, is_of_large_object);
  return script;
}

class FileView final : public View {
 public:
  explicit FileView(ImageFile file) : file_(std::move(file)), captured_{file_.bytes(), {}} {}
  [[nodiscard]] const Captured& captured() const override { return captured_; }
  void write(ImageSink& sink, Progress& progress) override {
    const ImageReader reader(file_);
    progress.begin("reading a parked copy", file_.bytes());
    copy_sections(file_, sink, progress, [](std::size_t, const Tally&) {});
    progress.end();
  }

 private:
  ImageFile file_;
  Captured captured_;
};

}  // namespace

void copy_verified(const ImageSource& image, ImageSink& sink, Progress& progress) {
  const ImageReader reader(image);
  static_cast<void>(properties_from(reader.header().attributes));
  const std::size_t summary = image.sections().size() - 1;
  copy_sections(image, sink, progress, [&](std::size_t section, const Tally& found) {
    if (section != summary) reader.check(section, found);
  });
}

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
  write(pre_data_section, script_text(without_large_objects(reader.pre_data())));
  write(post_data_section, script_text(without_large_objects(reader.post_data())));
  write(summary_section, summary_text(summary));
}

std::unique_ptr<View> view_of(ImageFile file) {
  return std::make_unique<FileView>(std::move(file));
}

}  // namespace quemsi::postgresql_engine
