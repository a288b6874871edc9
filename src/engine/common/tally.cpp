#include "engine/common/tally.hpp"

#include "engine/common/row_hash.hpp"

namespace quemsi {

Tally Tally::of_chunk(std::uint64_t place, std::span<const std::byte> bytes, std::uint64_t rows) {
  return {.chunks = 1, .rows = rows, .bytes = bytes.size(), .checksum = row_hash(bytes, place)};
}

Tally& Tally::operator+=(const Tally& other) {
  chunks += other.chunks;
  rows += other.rows;
  bytes += other.bytes;
  checksum += other.checksum;
  return *this;
}

void TallySink::chunk(std::string_view text, std::uint64_t rows, std::string_view first_key) {
  progress_.check_cancelled();
  const auto bytes = std::as_bytes(std::span(text));
  sink_->chunk(bytes, rows, first_key);
  tally_ += Tally::of_chunk(tally_.chunks, bytes, rows);
  progress_.advance(text.size());
}

void write_text(TallySink& sink, std::string_view text) {
  constexpr std::size_t chunk_bytes = std::size_t{64} << 10;
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), chunk_bytes))) {
    sink.chunk(text.substr(0, chunk_bytes), 0, {});
  }
}

}  // namespace quemsi
