#include "engine/common/image_file.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/common/row_hash.hpp"
#include "quemsi/error.hpp"

namespace quemsi {
namespace {

using Json = nlohmann::json;

constexpr std::string_view magic = "quemsi-image-001";
constexpr std::string_view end_mark = "qimage01";

/// Numbers in it are little-endian.
struct Trailer {
  std::uint64_t index_offset = 0;
  std::uint64_t index_bytes = 0;
  std::uint64_t index_checksum = 0;
  std::array<char, 8> mark{};
};
static_assert(sizeof(Trailer) == 32 && std::endian::native == std::endian::little);

Fd duplicate(const Fd& fd, const std::filesystem::path& path) {
  Fd copy(fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) throw_errno(errno, "open", path);
  return copy;
}

Json index_of(const Spool& spool, const Attributes& notes) {
  const ImageHeader& header = spool.header();
  Json sections = Json::array();
  for (std::size_t i = 0; i < spool.sections().size(); ++i) {
    const SectionInfo& info = spool.sections()[i];
    Json chunks = Json::array();
    for (std::size_t c = 0; c < info.chunks.size(); ++c) {
      const ChunkInfo& chunk = info.chunks[c];
      const ChunkPlace& place = spool.places(i)[c];
      chunks.push_back({place.offset, chunk.bytes, place.checksum, chunk.rows, chunk.first_key});
    }
    sections.push_back({info.header.name, info.header.attributes, std::move(chunks)});
  }
  return {{"engine", header.engine},
          {"format", header.engine_format},
          {"attributes", header.attributes},
          {"sections", std::move(sections)},
          {"notes", notes}};
}

[[noreturn]] void bad_file(const std::filesystem::path& path, const std::string& why) {
  throw Error(ErrorKind::corrupt, "the parked copy " + path.filename().string() + " is damaged")
      .cause(why);
}

Trailer read_trailer(const Fd& fd, std::uint64_t bytes, const std::filesystem::path& path) {
  std::array<std::byte, magic.size()> start{};
  Trailer trailer;
  if (bytes < start.size() + sizeof trailer) bad_file(path, "it is too short");
  read_exact_at(fd, start, 0, path);
  read_exact_at(fd, std::as_writable_bytes(std::span(&trailer, 1)), bytes - sizeof trailer, path);
  const bool whole = std::memcmp(start.data(), magic.data(), magic.size()) == 0 &&
                     std::string_view(trailer.mark.data(), trailer.mark.size()) == end_mark &&
                     trailer.index_offset <= bytes &&
                     trailer.index_bytes == bytes - sizeof trailer - trailer.index_offset;
  if (!whole) bad_file(path, "it does not start or end as it should");
  return trailer;
}

}  // namespace

ImageFileDraft::ImageFileDraft(const std::filesystem::path& target)
    : target_(target),
      file_(target, 0600),
      spool_(duplicate(file_.fd(), target), target, magic.size()) {
  if (flock(file_.fd().get(), LOCK_EX | LOCK_NB) != 0) throw_errno(errno, "lock", target);
  file_.write(magic);
}

const ImageSource& ImageFileDraft::close() {
  spool_.close();
  return spool_;
}

void ImageFileDraft::commit(const Attributes& notes) {
  const std::vector<std::uint8_t> index = Json::to_cbor(index_of(spool_, notes));
  const auto bytes = std::as_bytes(std::span(index));
  Trailer trailer{.index_offset = spool_.end(),
                  .index_bytes = bytes.size(),
                  .index_checksum = row_hash(bytes),
                  .mark = {}};
  std::ranges::copy(end_mark, trailer.mark.begin());
  const auto offset = static_cast<off_t>(spool_.end());
  if (lseek(file_.fd().get(), offset, SEEK_SET) < 0) throw_errno(errno, "write", target_);
  file_.write(bytes);
  file_.write(std::as_bytes(std::span(&trailer, 1)));
  file_.commit();
}

ImageFile::ImageFile(const std::filesystem::path& path)
    : path_(path), fd_(open_file(path, O_RDONLY)), bytes_(file_size(fd_, path)) {
  const Trailer trailer = read_trailer(fd_, bytes_, path);
  std::vector<std::byte> index(trailer.index_bytes);
  read_exact_at(fd_, index, trailer.index_offset, path);
  if (row_hash(index) != trailer.index_checksum)
    bad_file(path, "its index is not what was written");
  try {
    parse_index(index);
  } catch (const Json::exception& error) {
    bad_file(path, error.what());
  }
}

void ImageFile::parse_index(const std::vector<std::byte>& index) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(index.data());
  const Json json = Json::from_cbor(bytes, bytes + index.size());
  header_ = {.engine = json.at("engine"),
             .engine_format = json.at("format"),
             .attributes = json.at("attributes").get<Attributes>()};
  notes_ = json.at("notes").get<Attributes>();
  for (const Json& section : json.at("sections")) {
    SectionInfo info;
    info.header = {.name = section.at(0), .attributes = section.at(1).get<Attributes>()};
    std::vector<ChunkPlace> places;
    for (const Json& chunk : section.at(2)) {
      places.push_back({.offset = chunk.at(0), .checksum = chunk.at(2)});
      info.chunks.push_back({.bytes = chunk.at(1), .rows = chunk.at(3), .first_key = chunk.at(4)});
    }
    sections_.push_back(std::move(info));
    places_.push_back(std::move(places));
  }
}

std::vector<std::byte> ImageFile::read(std::size_t section, std::size_t chunk) const {
  const ChunkPlace& place = places_.at(section).at(chunk);
  std::vector<std::byte> bytes(sections_.at(section).chunks.at(chunk).bytes);
  read_exact_at(fd_, bytes, place.offset, path_);
  if (row_hash(bytes) != place.checksum) bad_file(path_, "a chunk is not what was written");
  return bytes;
}

}  // namespace quemsi
