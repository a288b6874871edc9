#include "store/pack_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>

#include <array>
#include <span>
#include <utility>

#include "store/pack_format.hpp"
#include "store/sha256.hpp"
#include "store/zstd_frame.hpp"

namespace quemsi {
namespace {

constexpr std::string_view fsck_hint = "see what is affected: git quemsi fsck";

/// Few enough for the smallest usual limit on descriptors.
constexpr std::size_t most_open_packs = 64;

using Header = std::array<std::byte, pack_format::header_bytes>;
using Trailer = std::array<std::byte, pack_format::trailer_bytes>;

Header read_header(const Fd& fd, const std::filesystem::path& path) {
  Header header{};
  read_exact_at(fd, header, 0, path);
  return header;
}

/// A reason that the bytes gave becomes one that names the pack.
template <class Work>
auto naming_pack(const std::filesystem::path& path, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    const std::string name = path.filename().string();
    if (error.kind() == ErrorKind::corrupt) throw bad_pack(name, error.what());
    if (error.kind() != ErrorKind::unsupported) throw;
    throw Error(ErrorKind::unsupported, fmt::format("cannot read pack {}", name))
        .cause(error.what())
        .hint(error.hints().empty() ? std::string(fsck_hint) : error.hints().front());
  }
}

}  // namespace

Error bad_pack(std::string_view pack, const std::string& reason) {
  return Error(ErrorKind::corrupt, fmt::format("pack {} is damaged", pack))
      .cause(reason)
      .hint(std::string(fsck_hint));
}

Error bad_chunk(std::string_view pack, const ChunkId& id, const std::string& reason) {
  return bad_pack(pack, fmt::format("chunk {}: {}", id.hex(), reason));
}

std::vector<std::byte> unpack(std::span<const std::byte> frame, const PackEntry& entry) {
  std::vector<std::byte> raw = decompress(frame, entry.raw_bytes);
  if (chunk_id(raw) != entry.id) {
    throw Error(ErrorKind::corrupt, "its bytes are not what was written");
  }
  return raw;
}

PackFile::PackFile(Fd fd, std::filesystem::path path)
    : path_(std::move(path)),
      fd_(std::move(fd)),
      bytes_(file_size(fd_, path_)),
      version_(naming_pack(
          path_, [this] { return pack_format::check_header(read_header(fd_, path_)); })) {}

std::vector<PackEntry> PackFile::entries() const {
  return naming_pack(path_, [this] { return read_entries(); });
}

std::vector<PackEntry> PackFile::read_entries() const {
  if (bytes_ < pack_format::header_bytes + pack_format::trailer_bytes) {
    throw Error(ErrorKind::corrupt, "its end is missing");
  }
  const Header header = read_header(fd_, path_);
  const std::uint64_t trailer_at = bytes_ - pack_format::trailer_bytes;
  Trailer trailer{};
  read_exact_at(fd_, trailer, trailer_at, path_);
  const std::uint64_t size = pack_format::footer_bytes(trailer, bytes_);
  const std::vector<std::byte> footer = read(trailer_at - size, size);
  return pack_format::decode_footer(header, footer, trailer, bytes_);
}

std::vector<std::byte> PackFile::read(std::uint64_t offset, std::size_t size) const {
  std::vector<std::byte> bytes(size);
  read_exact_at(fd_, bytes, offset, path_);
  return bytes;
}

std::vector<std::byte> PackFile::frame(const PackEntry& entry) const {
  pack_format::check_sizes(entry);
  if (entry.offset > bytes_ || entry.stored_bytes > bytes_ - entry.offset) {
    throw Error(ErrorKind::corrupt, "the pack ends before it");
  }
  return read(entry.offset, entry.stored_bytes);
}

std::vector<std::byte> PackFile::chunk(const PackEntry& entry) const {
  try {
    return unpack(frame(entry), entry);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::corrupt) throw;
    throw bad_chunk(name(), entry.id, error.what());
  }
}

std::string PackFile::text(const PackEntry& entry) const {
  const std::vector<std::byte> raw = chunk(entry);
  return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

void PackFile::forget_cached() const noexcept {
  // A hint: what the system makes of it is its own affair.
  static_cast<void>(posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_DONTNEED));
}

std::shared_ptr<const PackFile> PackFiles::open(const std::string& name) {
  if (auto pack = open_if_exists(name)) return pack;
  throw Error(ErrorKind::corrupt, fmt::format("pack {} is missing", name))
      .hint(std::string(fsck_hint));
}

std::shared_ptr<const PackFile> PackFiles::open_if_exists(const std::string& name) {
  if (!pack_format::is_pack_name(name)) return nullptr;
  const std::lock_guard lock(mutex_);
  if (const auto found = open_.find(name); found != open_.end()) return found->second;
  const std::filesystem::path path = folder_ / name;
  std::optional<Fd> fd = quemsi::open_if_exists(path, O_RDONLY);
  if (!fd) return nullptr;
  auto pack = std::make_shared<const PackFile>(std::move(*fd), path);
  if (cache_ == PageCache::bypass) pack->forget_cached();
  // Whoever still reads from one that is dropped here keeps it open.
  if (open_.size() >= most_open_packs) open_.clear();
  open_.emplace(name, pack);
  return pack;
}

}  // namespace quemsi
