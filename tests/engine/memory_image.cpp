#include "engine/memory_image.hpp"

#include <algorithm>
#include <stdexcept>

namespace quemsi::test {
namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::logic_error(what);
}

class MemorySink : public SectionSink {
 public:
  explicit MemorySink(MemorySection& section) : section_(section) {}

  void chunk(std::span<const std::byte> bytes, std::uint64_t rows,
             std::string_view first_key) override {
    require(!section_.finished, "a chunk after finish");
    require(!bytes.empty() && bytes.size() <= ImageSink::max_chunk_bytes, "a chunk's size");
    section_.chunks.emplace_back(bytes.begin(), bytes.end());
    section_.info.chunks.push_back({bytes.size(), rows, std::string(first_key)});
  }

  void finish() override {
    require(!section_.finished, "finished twice");
    section_.finished = true;
  }

 private:
  MemorySection& section_;
};

}  // namespace

void MemoryImage::header(const ImageHeader& header) {
  require(!header_, "two headers");
  header_ = header;
}

std::unique_ptr<SectionSink> MemoryImage::section(const SectionHeader& header) {
  require(header_.has_value(), "a section before the header");
  require(std::ranges::none_of(
              parts_, [&](const auto& part) { return part->info.header.name == header.name; }),
          "two sections of one name");
  parts_.push_back(std::make_unique<MemorySection>());
  parts_.back()->info.header = header;
  return std::make_unique<MemorySink>(*parts_.back());
}

const std::vector<SectionInfo>& MemoryImage::sections() const {
  infos_.clear();
  for (const auto& part : parts_) {
    infos_.push_back(part->info);
    infos_.back().chunks.resize(std::min(part->chunks.size(), part->info.chunks.size()));
  }
  return infos_;
}

std::vector<std::byte> MemoryImage::read(std::size_t section, std::size_t chunk) const {
  return parts_.at(section)->chunks.at(chunk);
}

bool MemoryImage::finished() const {
  return header_ && std::ranges::all_of(parts_, [](const auto& part) { return part->finished; });
}

}  // namespace quemsi::test
