#include "quemsi/ids.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>

#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr std::size_t id_letters = 16;

/// Each letter of k-z carries four random bits.
std::string random_letters() {
  std::array<unsigned char, id_letters / 2> random{};
  if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    throw Error(ErrorKind::io, "the system gives no random bytes");
  }
  std::string text;
  for (const unsigned char byte : random) {
    text += static_cast<char>('k' + (byte >> 4));
    text += static_cast<char>('k' + (byte & 0x0f));
  }
  return text;
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

}  // namespace

std::string ChunkId::hex() const {
  return to_hex(std::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size()));
}

std::optional<ChunkId> ChunkId::parse(std::string_view hex) {
  if (hex.size() != size * 2) return std::nullopt;
  Bytes bytes{};
  for (std::size_t i = 0; i < size; ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<std::byte>(high * 16 + low);
  }
  return ChunkId(bytes);
}

SnapshotId new_snapshot_id() { return SnapshotId(random_letters()); }
ImageId new_image_id() { return ImageId(random_letters()); }
BranchKey new_branch_key() { return BranchKey(random_letters()); }

std::string short_id(const CommitId& commit) {
  constexpr std::size_t short_length = 10;
  return commit.str().substr(0, short_length);
}

bool looks_like_id_prefix(std::string_view text) {
  return !text.empty() && text.size() <= id_letters &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'k' && c <= 'z'; });
}

ParkedName parked_name(const ImageId& image) { return ParkedName("quemsi_" + image.str()); }

}  // namespace quemsi
