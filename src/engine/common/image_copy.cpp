#include "engine/common/image_copy.hpp"

#include <functional>

#include "engine/common/summary.hpp"

namespace quemsi {
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

class FileView final : public View {
 public:
  explicit FileView(ImageFile file) : file_(std::move(file)), captured_{file_.bytes(), {}} {}
  [[nodiscard]] const Captured& captured() const override { return captured_; }
  void write(ImageSink& sink, Progress& progress) override {
    progress.begin("reading a parked copy", file_.bytes());
    CheckedImage checked(file_, "the parked copy is damaged");
    checked.read_summary();
    copy_verified(file_, checked, sink, progress);
    progress.end();
  }

 private:
  ImageFile file_;
  Captured captured_;
};

}  // namespace

void copy_verified(const ImageSource& image, const CheckedImage& checked, ImageSink& sink,
                   Progress& progress) {
  const std::size_t summary = image.sections().size() - 1;
  copy_sections(image, sink, progress, [&](std::size_t section, const Tally& found) {
    if (section != summary) checked.check(section, found);
  });
}

void write_schema_alone(ImageHeader header, const std::vector<TextSection>& sections,
                        ImageSink& sink) {
  header.attributes["content"] = "schema";
  sink.header(header);
  Summary summary;
  const auto write = [&](const std::string& name, const std::string& text) {
    TallySink section(sink.section({.name = name, .attributes = {}}), no_progress());
    write_text(section, text);
    section.finish();
    summary.emplace_back(name, section.tally());
  };
  for (const auto& [name, text] : sections) write(name, text);
  write(summary_section, summary_text(summary));
}

std::unique_ptr<View> view_of(ImageFile file) {
  return std::make_unique<FileView>(std::move(file));
}

}  // namespace quemsi
