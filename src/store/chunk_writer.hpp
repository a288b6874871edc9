// Chunks in, packs out: each chunk is written once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "quemsi/store.hpp"
#include "store/compression_queue.hpp"
#include "store/pack_file.hpp"
#include "store/pack_writer.hpp"
#include "store/store_folder.hpp"

namespace quemsi {

/// Where a chunk of this kind already is, in a pack that stands in the folder. A
/// chunk whose pack is gone, or that was kept under another kind, is written anew.
std::optional<ChunkLocation> find_usable(ChunkIndex& index, PackFiles& packs, const ChunkId& id,
                                         ChunkKind kind);

/// Nothing that it wrote counts, or stays, unless it commits.
class ChunkWriter {
 public:
  struct Result {
    std::uint64_t stored_bytes = 0;  ///< of the packs that were added
    std::vector<std::string> packs;  ///< that hold the chunks, new or not; sorted
  };

  ChunkWriter(const StoreFolder& folder, ChunkIndex& index);

  /// May be called from several threads.
  ChunkId add(ChunkKind kind, std::span<const std::byte> raw);
  /// Packs durable, then index. Once, and nothing after it.
  Result commit();

 private:
  bool must_write(const ChunkId& id, ChunkKind kind);
  void append(const RawChunk& chunk, std::span<const std::byte> frame);
  void finish_pack();

  const StoreFolder& folder_;
  ChunkIndex& index_;
  std::mutex mutex_;  ///< for what add() changes
  PackFiles existing_;
  std::unordered_set<ChunkId> known_;
  std::set<std::string> used_packs_;
  std::optional<PackWriter> pack_;  ///< append() is called for one chunk at a time
  std::vector<FinishedPack> finished_;
  CompressionQueue queue_;  ///< last: its threads use all of the above
};

}  // namespace quemsi
