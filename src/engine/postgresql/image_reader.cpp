#include "engine/postgresql/image_reader.hpp"

#include "engine/postgresql/header.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {

ImageReader::ImageReader(const ImageSource& image) : image_(image), sections_(image.sections()) {
  check_header(image.header());
  read_summary();
  bool schema = false;
  bool rest = false;
  for (std::size_t i = 0; i + 1 < sections_.size(); ++i) {
    const std::string& name = sections_[i].header.name;
    schema = schema || name == pre_data_section;
    rest = rest || name == post_data_section;
    read_section(i);
  }
  if (!schema || !rest) bad_image("it has no schema");
}

void ImageReader::read_summary() {
  if (sections_.empty() || sections_.back().header.name != summary_section) {
    bad_image("it ends before its summary");
  }
  std::string all;
  for (std::size_t i = 0; i < sections_.back().chunks.size(); ++i) {
    const std::vector<std::byte> bytes = chunk(sections_.size() - 1, i);
    all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  auto summary = parse_summary(all);
  if (!summary) bad_image("its summary cannot be read");
  summary_ = std::move(*summary);
  if (summary_.size() + 1 != sections_.size()) bad_image("it has other sections than its summary");
  for (std::size_t i = 0; i + 1 < sections_.size(); ++i) {
    Tally found;
    for (const ChunkInfo& info : sections_[i].chunks) {
      found += {.chunks = 1, .rows = info.rows, .bytes = info.bytes, .checksum = 0};
    }
    found.checksum = tally(i).checksum;
    check(i, found);
  }
}

void ImageReader::read_section(std::size_t section) {
  const SectionHeader& header = sections_[section].header;
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

const std::vector<ChunkInfo>& ImageReader::chunks(std::size_t section) const {
  return sections_[section].chunks;
}

const Tally& ImageReader::tally(std::size_t section) const {
  const std::string& name = sections_[section].header.name;
  const auto found = summary_.find(name);
  if (found == summary_.end()) bad_image("its summary does not know of section " + name);
  return found->second;
}

std::vector<std::byte> ImageReader::chunk(std::size_t section, std::size_t chunk) const {
  std::vector<std::byte> bytes = image_.read(section, chunk);
  if (bytes.size() != chunks(section)[chunk].bytes) bad_image("a chunk has not its size");
  return bytes;
}

void ImageReader::check(std::size_t section, const Tally& read) const {
  if (read == tally(section)) return;
  bad_image("section " + sections_[section].header.name + " is not what was written");
}

std::string ImageReader::text(std::size_t section) const {
  std::string all;
  Tally read;
  for (std::size_t i = 0; i < chunks(section).size(); ++i) {
    const std::vector<std::byte> bytes = chunk(section, i);
    read += Tally::of_chunk(i, bytes, 0);
    all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  check(section, read);
  return all;
}

}  // namespace quemsi::postgresql_engine
