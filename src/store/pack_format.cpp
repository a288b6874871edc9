#include "store/pack_format.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <unordered_set>

#include "store/sha256.hpp"

namespace quemsi::pack_format {
namespace {

constexpr std::string_view start_magic = "\x89QPK\r\n\x1a\n";
constexpr std::string_view end_magic = "QPK-END\n";
constexpr std::size_t magic_bytes = 8;
static_assert(start_magic.size() == magic_bytes && end_magic.size() == magic_bytes);

constexpr std::size_t count_bytes = 4;
constexpr std::string_view name_suffix = ".pack";

// Where the fields of an entry start.
constexpr std::size_t kind_at = ChunkId::size;
constexpr std::size_t stored_at = kind_at + 1;
constexpr std::size_t raw_at = stored_at + 4;
static_assert(raw_at + 4 == entry_bytes);

template <std::unsigned_integral T>
void append_little_endian(std::vector<std::byte>& to, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    to.push_back(static_cast<std::byte>((value >> (8 * i)) & 0xff));
  }
}

std::uint32_t read_u32(std::span<const std::byte> from) {
  std::uint32_t value = 0;
  for (std::size_t i = sizeof value; i > 0; --i) {
    value = (value << 8) | std::to_integer<std::uint32_t>(from[i - 1]);
  }
  return value;
}

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

void append(std::vector<std::byte>& to, std::span<const std::byte> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

bool equal(std::span<const std::byte> left, std::span<const std::byte> right) {
  return std::ranges::equal(left, right);
}

[[noreturn]] void corrupt(std::string reason) {
  throw Error(ErrorKind::corrupt, std::move(reason));
}

ChunkId::Bytes hash_footer(std::span<const std::byte> header, std::span<const std::byte> footer,
                           std::span<const std::byte> count) {
  Sha256 hash;
  hash.update(header);
  hash.update(footer);
  hash.update(count);
  return hash.finish();
}

PackEntry decode_entry(std::span<const std::byte> bytes, std::uint64_t offset) {
  ChunkId::Bytes id{};
  std::copy_n(bytes.begin(), id.size(), id.begin());
  const PackEntry entry{.id = ChunkId(id),
                        .kind = static_cast<ChunkKind>(bytes[kind_at]),
                        .offset = offset,
                        .stored_bytes = read_u32(bytes.subspan(stored_at)),
                        .raw_bytes = read_u32(bytes.subspan(raw_at))};
  check_sizes(entry);
  return entry;
}

std::vector<PackEntry> decode_entries(std::span<const std::byte> footer) {
  std::vector<PackEntry> entries;
  std::unordered_set<ChunkId> ids;
  entries.reserve(footer.size() / entry_bytes);
  std::uint64_t offset = header_bytes;
  for (; !footer.empty(); footer = footer.subspan(entry_bytes)) {
    entries.push_back(decode_entry(footer.first(entry_bytes), offset));
    offset += entries.back().stored_bytes;
    if (!ids.insert(entries.back().id).second) corrupt("it lists a chunk twice");
  }
  return entries;
}

}  // namespace

std::uint64_t max_raw_bytes(ChunkKind kind) {
  switch (kind) {
    case ChunkKind::data:
      return ImageSink::max_chunk_bytes;
    case ChunkKind::manifest:
      return std::uint64_t{256} << 20;
    case ChunkKind::record:
      return std::uint64_t{16} << 20;
  }
  return 0;
}

std::uint64_t max_stored_bytes(std::uint64_t raw_bytes) { return raw_bytes + raw_bytes / 256 + 64; }

void check_sizes(const PackEntry& entry) {
  if (entry.raw_bytes == 0 || entry.raw_bytes > max_raw_bytes(entry.kind)) {
    corrupt(fmt::format("a chunk of kind {} cannot have {} bytes", static_cast<int>(entry.kind),
                        entry.raw_bytes));
  }
  if (entry.stored_bytes == 0 || entry.stored_bytes > max_stored_bytes(entry.raw_bytes)) {
    corrupt(fmt::format("{} bytes cannot be the frame of {}", entry.stored_bytes, entry.raw_bytes));
  }
}

std::string_view to_string(ChunkKind kind) {
  switch (kind) {
    case ChunkKind::data:
      return "data";
    case ChunkKind::manifest:
      return "manifest";
    case ChunkKind::record:
      return "record";
  }
  return "unknown";
}

std::string pack_name(const ChunkId::Bytes& hash_of_file) {
  return ChunkId(hash_of_file).hex().append(name_suffix);
}

bool is_pack_name(std::string_view name) {
  if (!name.ends_with(name_suffix)) return false;
  const std::string_view digits = name.substr(0, name.size() - name_suffix.size());
  return digits.size() == 2 * ChunkId::size &&
         digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::vector<std::byte> encode_header() {
  std::vector<std::byte> header;
  header.reserve(header_bytes);
  append(header, as_bytes(start_magic));
  append_little_endian(header, version);
  append_little_endian(header, std::uint32_t{0});
  return header;
}

std::vector<std::byte> encode_footer(std::span<const PackEntry> entries) {
  std::vector<std::byte> bytes;
  bytes.reserve(entries.size() * entry_bytes + trailer_bytes);
  for (const PackEntry& entry : entries) {
    append(bytes, entry.id.bytes());
    bytes.push_back(static_cast<std::byte>(entry.kind));
    append_little_endian(bytes, entry.stored_bytes);
    append_little_endian(bytes, entry.raw_bytes);
  }
  append_little_endian(bytes, static_cast<std::uint32_t>(entries.size()));
  append(bytes, hash_footer(encode_header(), bytes, {}));
  append(bytes, as_bytes(end_magic));
  return bytes;
}

std::uint32_t check_header(std::span<const std::byte, header_bytes> header) {
  if (!equal(header.first(magic_bytes), as_bytes(start_magic))) corrupt("it is not a pack");
  const std::uint32_t found = read_u32(header.subspan(magic_bytes));
  if (found < oldest_version || found > version) {
    throw Error(ErrorKind::unsupported,
                fmt::format("it has pack format {}, and this git-quemsi reads formats {} to {}",
                            found, oldest_version, version))
        .hint("install a release of git-quemsi that reads it");
  }
  if (read_u32(header.subspan(magic_bytes + 4)) != 0) corrupt("its header is damaged");
  return found;
}

std::uint64_t footer_bytes(std::span<const std::byte, trailer_bytes> trailer,
                           std::uint64_t file_bytes) {
  if (!equal(trailer.last(magic_bytes), as_bytes(end_magic))) corrupt("its end is missing");
  const std::uint64_t count = read_u32(trailer);
  if (count == 0 || count > max_entries) corrupt("its trailer is damaged");
  const std::uint64_t bytes = count * entry_bytes;
  if (header_bytes + bytes + trailer_bytes > file_bytes) corrupt("it is shorter than it says");
  return bytes;
}

std::vector<PackEntry> decode_footer(std::span<const std::byte, header_bytes> header,
                                     std::span<const std::byte> footer,
                                     std::span<const std::byte, trailer_bytes> trailer,
                                     std::uint64_t file_bytes) {
  const ChunkId::Bytes hash = hash_footer(header, footer, trailer.first(count_bytes));
  if (!equal(trailer.subspan(count_bytes, hash.size()), hash)) corrupt("its footer is damaged");
  std::vector<PackEntry> entries = decode_entries(footer);
  const PackEntry& last = entries.back();
  if (last.offset + last.stored_bytes + footer.size() + trailer_bytes != file_bytes) {
    corrupt("its size is not what its footer says");
  }
  return entries;
}

}  // namespace quemsi::pack_format
