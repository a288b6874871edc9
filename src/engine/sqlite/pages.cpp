#include "engine/sqlite/pages.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

#include "quemsi/error.hpp"

namespace quemsi::sqlite_engine {
namespace {

constexpr std::size_t header_bytes = 100;
constexpr std::string_view magic{"SQLite format 3\0", 16};
constexpr std::uint64_t lock_offset = std::uint64_t{1} << 30;
constexpr off_t cookie_offset = 40;

using Header = std::array<std::byte, header_bytes>;

std::uint32_t number_at(const Header& header, std::size_t offset, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value = (value << 8) | std::to_integer<std::uint32_t>(header.at(offset + i));
  }
  return value;
}

std::uint32_t page_size_of(const Header& header) {
  const std::uint32_t stored = number_at(header, 16, 2);
  return stored == 1 ? 65536 : stored;
}

/// The stored count holds when the last writer knew of it; else the file's size says it.
std::uint64_t page_count_of(const Header& header, std::uint64_t size, std::uint32_t page_size) {
  const bool known = number_at(header, 24, 4) == number_at(header, 92, 4);
  const std::uint32_t stored = number_at(header, 28, 4);
  return known && stored != 0 ? stored : size / page_size;
}

std::string encoding_of(const Header& header) {
  switch (number_at(header, 56, 4)) {
    case 2:
      return "UTF-16le";
    case 3:
      return "UTF-16be";
    default:
      return "UTF-8";
  }
}

}  // namespace

bool is_page_size(std::uint64_t size) {
  return std::has_single_bit(size) && size >= 512 && size <= 65536;
}

PageLayout read_layout(const Fd& fd, const std::filesystem::path& file) {
  const std::uint64_t size = file_size(fd, file);
  if (size == 0) return {};
  Header header{};
  read_exact_at(fd, header, 0, file);
  PageLayout layout;
  layout.page_size = page_size_of(header);
  if (std::memcmp(header.data(), magic.data(), magic.size()) != 0 ||
      !is_page_size(layout.page_size)) {
    throw Error(ErrorKind::corrupt, file.string() + " is not a SQLite database");
  }
  layout.page_count = page_count_of(header, size, layout.page_size);
  layout.schema_cookie = number_at(header, cookie_offset, 4);
  layout.encoding = encoding_of(header);
  layout.wal = number_at(header, 18, 1) == 2;
  if (layout.bytes() > size) {
    throw Error(ErrorKind::corrupt, file.string() + " ends before its last page");
  }
  return layout;
}

void blank_lock_page(std::span<std::byte> chunk, std::uint64_t offset, std::uint32_t page_size) {
  const std::uint64_t begin = std::max(offset, lock_offset);
  const std::uint64_t end = std::min(offset + chunk.size(), lock_offset + page_size);
  if (begin >= end) return;
  std::ranges::fill(chunk.subspan(begin - offset, end - begin), std::byte{0});
}

void set_schema_cookie(const Fd& fd, const std::filesystem::path& file, std::int64_t cookie) {
  if (file_size(fd, file) == 0) return;
  std::array<unsigned char, 4> bytes{};
  const auto value = static_cast<std::uint32_t>(cookie);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes.at(i) = static_cast<unsigned char>(value >> (24 - 8 * i));
  }
  if (pwrite(fd.get(), bytes.data(), bytes.size(), cookie_offset) != 4) {
    throw_errno(errno, "write", file);
  }
}

void blank_counters(std::span<std::byte> first_page) {
  std::ranges::fill(first_page.subspan(24, 4), std::byte{0});
  std::ranges::fill(first_page.subspan(92, 8), std::byte{0});
}

}  // namespace quemsi::sqlite_engine
