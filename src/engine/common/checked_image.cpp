#include "engine/common/checked_image.hpp"

#include "quemsi/error.hpp"

namespace quemsi {

void CheckedImage::bad(const std::string& why) const {
  throw Error(ErrorKind::corrupt, damaged_).cause(why);
}

void CheckedImage::read_summary() {
  if (sections_.empty() || sections_.back().header.name != summary_section) {
    bad("it ends before its summary");
  }
  std::string all;
  for (std::size_t i = 0; i < sections_.back().chunks.size(); ++i) {
    const std::vector<std::byte> bytes = chunk(sections_.size() - 1, i);
    all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  auto summary = parse_summary(all);
  if (!summary) bad("its summary cannot be read");
  summary_ = std::move(*summary);
  if (summary_.size() + 1 != sections_.size()) bad("it has other sections than its summary");
  for (std::size_t i = 0; i + 1 < sections_.size(); ++i) {
    Tally found;
    for (const ChunkInfo& info : sections_[i].chunks) {
      found += {.chunks = 1, .rows = info.rows, .bytes = info.bytes, .checksum = 0};
    }
    found.checksum = tally(i).checksum;
    check(i, found);
  }
}

const std::vector<ChunkInfo>& CheckedImage::chunks(std::size_t section) const {
  return sections_[section].chunks;
}

const Tally& CheckedImage::tally(std::size_t section) const {
  const std::string& name = sections_[section].header.name;
  const auto found = summary_.find(name);
  if (found == summary_.end()) bad("its summary does not know of section " + name);
  return found->second;
}

std::vector<std::byte> CheckedImage::chunk(std::size_t section, std::size_t chunk) const {
  std::vector<std::byte> bytes = image_.read(section, chunk);
  if (bytes.size() != chunks(section)[chunk].bytes) bad("a chunk has not its size");
  return bytes;
}

void CheckedImage::check(std::size_t section, const Tally& read) const {
  if (read == tally(section)) return;
  bad("section " + sections_[section].header.name + " is not what was written");
}

std::string CheckedImage::text(std::size_t section) const {
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

}  // namespace quemsi
