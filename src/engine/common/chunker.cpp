#include "engine/common/chunker.hpp"

#include <algorithm>

#include "engine/common/copy_text.hpp"
#include "engine/common/row_hash.hpp"

namespace quemsi {
namespace {

constexpr int segment_bits = 14;

}  // namespace

bool ends_segment(std::string_view key) { return row_hash(key) >> (64 - segment_bits) == 0; }

RowChunker::RowChunker(TallySink& sink, std::vector<std::size_t> key)
    : sink_(sink), key_(std::move(key)) {
  buffer_.reserve(most_chunk_bytes);
}

std::string_view RowChunker::key_of(std::string_view text) {
  return key_.empty() ? text : key_text(text, key_, scratch_);
}

void RowChunker::row(std::string_view text) {
  if (!buffer_.empty() && buffer_.size() + text.size() > most_chunk_bytes) emit();
  const std::string_view key = key_of(text);
  if (buffer_.empty() && !key_.empty()) first_key_ = key;
  const bool last = ends_chunk(key, text.size());
  buffer_ += text;
  ++rows_;
  if (last) emit();
}

/// A row ends a chunk with a chance in proportion to its size, by the lower half of its key's hash:
/// chunks come to about the target, whatever the rows' size.
bool RowChunker::ends_chunk(std::string_view key, std::size_t row_bytes) const {
  const std::uint64_t hash = row_hash(key);
  if (hash >> (64 - segment_bits) == 0) return true;
  const std::size_t bytes = buffer_.size() + row_bytes;
  if (bytes >= most_chunk_bytes) return true;
  constexpr std::uint64_t span = target_chunk_bytes - least_chunk_bytes;
  constexpr std::uint64_t whole = std::uint64_t{1} << 32;
  const std::uint64_t chance = whole / span * std::min<std::uint64_t>(row_bytes, span);
  return bytes >= least_chunk_bytes && (hash & (whole - 1)) < chance;
}

/// A row that is larger than a chunk may be goes on in chunks that count no row.
void RowChunker::emit() {
  std::string_view rest = buffer_;
  for (; !rest.empty(); rest.remove_prefix(std::min(rest.size(), ImageSink::max_chunk_bytes))) {
    sink_.chunk(rest.substr(0, ImageSink::max_chunk_bytes), rows_, first_key_);
    rows_ = 0;
  }
  buffer_.clear();
  if (buffer_.capacity() > 4 * most_chunk_bytes) buffer_.shrink_to_fit();
}

}  // namespace quemsi
