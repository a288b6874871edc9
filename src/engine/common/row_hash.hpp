// XXH3: fast, not meant to withstand an adversary; the store has SHA-256 for that.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace quemsi {

/// Part of the image format: chunk boundaries and checksums are made of it.
std::uint64_t row_hash(std::string_view bytes, std::uint64_t seed = 0);
std::uint64_t row_hash(std::span<const std::byte> bytes, std::uint64_t seed = 0);

}  // namespace quemsi
