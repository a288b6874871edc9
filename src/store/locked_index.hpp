// The index, asked by one thread at a time.
#pragma once

#include <mutex>
#include <optional>
#include <span>

#include "quemsi/store.hpp"

namespace quemsi {

class LockedIndex : public ChunkIndex {
 public:
  explicit LockedIndex(ChunkIndex& index) : index_(index) {}

  std::optional<ChunkLocation> find(const ChunkId& id) override {
    const std::lock_guard lock(mutex_);
    return index_.find(id);
  }
  void add_pack(const PackInfo& pack, std::span<const PackEntry> entries) override {
    const std::lock_guard lock(mutex_);
    index_.add_pack(pack, entries);
  }

 private:
  std::mutex mutex_;
  ChunkIndex& index_;
};

}  // namespace quemsi
