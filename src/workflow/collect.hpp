// Getting rid of chunks that no snapshot needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// The chunks of everything that the catalogue names. Grows only: what was needed a moment ago
/// counts as needed.
class LiveChunks {
 public:
  /// Reads the manifests that it has not yet seen. Throws Error(corrupt).
  void update(Project& project);
  /// What one snapshot needs.
  void add(Project& project, const Snapshot& snapshot);
  [[nodiscard]] bool contains(const ChunkId& id) const { return ids_.contains(id); }

 private:
  void add_image(Project& project, const ChunkId& manifest);

  struct Hash {
    std::size_t operator()(const ChunkId& id) const noexcept;
  };
  std::unordered_set<ChunkId, Hash> ids_;
};

/// What there is to gain, in bytes of packs.
std::uint64_t dead_bytes(Project& project, const LiveChunks& live);

struct Collected {
  std::size_t packs = 0;    ///< that are gone
  std::uint64_t bytes = 0;  ///< that are free now
  bool done = true;         ///< false: somebody was at work, or the time was up
};
/// Removes dead packs and merges those that are largely dead, or small. Keeps writers and readers
/// out for seconds at a time, so it may have to be asked again. The caller keeps the worker away,
/// or is it. Throws Error(corrupt) with the store as it was, save what is done already.
Collected collect(Project& project, std::chrono::milliseconds wait);

}  // namespace quemsi
