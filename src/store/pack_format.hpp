// The bytes of a pack, as FORMAT.md specifies them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/store.hpp"

namespace quemsi::pack_format {

inline constexpr std::uint32_t version = 1;
inline constexpr std::uint32_t oldest_version = 1;

inline constexpr std::size_t header_bytes = 16;
inline constexpr std::size_t entry_bytes = 41;
inline constexpr std::size_t trailer_bytes = 44;

/// A pack is closed once it has this many entries, or bytes of frames.
inline constexpr std::size_t max_entries = 65536;
inline constexpr std::uint64_t full_bytes = std::uint64_t{64} << 20;

/// Limits that a reader applies before it allocates anything. 0 for an unknown kind.
std::uint64_t max_raw_bytes(ChunkKind kind);
/// What zstd needs at most for so many bytes.
std::uint64_t max_stored_bytes(std::uint64_t raw_bytes);
/// Throws Error(corrupt) when an entry's sizes are beyond the limits.
void check_sizes(const PackEntry& entry);

std::string_view to_string(ChunkKind kind);

/// `<64 lower-case hexadecimal digits>.pack`
std::string pack_name(const ChunkId::Bytes& hash_of_file);
bool is_pack_name(std::string_view name);

std::vector<std::byte> encode_header();
/// Footer and trailer. The frames stand in the order of the entries.
std::vector<std::byte> encode_footer(std::span<const PackEntry> entries);

/// The version. Throws Error(corrupt) when this is no pack's header,
/// Error(unsupported) when it is of a format that we do not read.
std::uint32_t check_header(std::span<const std::byte, header_bytes> header);
/// How many bytes of entries stand before the trailer of a file of `file_bytes`.
std::uint64_t footer_bytes(std::span<const std::byte, trailer_bytes> trailer,
                           std::uint64_t file_bytes);
/// Throws Error(corrupt) unless all is well, down to the last byte.
std::vector<PackEntry> decode_footer(std::span<const std::byte, header_bytes> header,
                                     std::span<const std::byte> footer,
                                     std::span<const std::byte, trailer_bytes> trailer,
                                     std::uint64_t file_bytes);

}  // namespace quemsi::pack_format
