// SHA-256 by OpenSSL.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "quemsi/ids.hpp"

namespace quemsi {

/// A hash over bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&& other) noexcept;
  Sha256& operator=(Sha256&& other) noexcept;
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::span<const std::byte> bytes);
  /// Once, at the end.
  ChunkId::Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

ChunkId chunk_id(std::span<const std::byte> raw);

}  // namespace quemsi
