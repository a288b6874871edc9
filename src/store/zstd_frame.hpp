// One chunk, one zstd frame.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace quemsi {

/// Compresses chunks, each to a frame of its own. Used from one thread at a time.
class Compressor {
 public:
  Compressor();
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  /// Valid until the next call.
  std::span<const std::byte> compress(std::span<const std::byte> raw);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Exactly `raw_bytes`, which the caller has checked against a limit: a frame that
/// says or holds anything else is Error(corrupt), found before memory is spent on it.
std::vector<std::byte> decompress(std::span<const std::byte> frame, std::size_t raw_bytes);

}  // namespace quemsi
