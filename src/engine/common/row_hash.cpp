#include "engine/common/row_hash.hpp"

#define XXH_INLINE_ALL  // NOLINT(cppcoreguidelines-macro-usage): how the library is asked for
#include <xxhash.h>

namespace quemsi {

std::uint64_t row_hash(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::uint64_t row_hash(std::span<const std::byte> bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace quemsi
