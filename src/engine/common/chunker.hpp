// Cuts a stream of rows into chunks where the rows themselves say so, so that equal stretches of
// two tables are equal chunks, however they came to be and whatever was read at the same time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/common/tally.hpp"

namespace quemsi {

inline constexpr std::size_t least_chunk_bytes = std::size_t{32} << 10;
inline constexpr std::size_t target_chunk_bytes = std::size_t{128} << 10;
inline constexpr std::size_t most_chunk_bytes = std::size_t{512} << 10;

/// True for the one key in 16384 after whose row a chunk always ends. What comes after it does not
/// depend on what went before: a table may be read in parts that start there.
bool ends_segment(std::string_view key);

/// Takes rows in COPY text format, each with its newline.
class RowChunker {
 public:
  /// `key` holds the positions of the key's fields; empty: the whole row is the key, and chunks
  /// have no first key.
  RowChunker(TallySink& sink, std::vector<std::size_t> key);

  void row(std::string_view text);
  /// Hands on what is left; the section itself is the caller's to finish.
  void finish() { emit(); }

 private:
  [[nodiscard]] std::string_view key_of(std::string_view text);
  [[nodiscard]] bool ends_chunk(std::string_view key, std::size_t row_bytes) const;
  void emit();

  TallySink& sink_;
  std::vector<std::size_t> key_;
  std::string buffer_;
  std::string first_key_;
  std::string scratch_;
  std::uint64_t rows_ = 0;
};

}  // namespace quemsi
