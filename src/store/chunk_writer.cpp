#include "store/chunk_writer.hpp"

#include <utility>

#include "store/sha256.hpp"

namespace quemsi {
namespace {

/// A damaged or unreadable pack is none to rely on.
bool holds(PackFiles& packs, const ChunkLocation& location) {
  try {
    const auto pack = packs.open_if_exists(location.pack);
    return pack && location.entry.offset < pack->bytes() &&
           location.entry.stored_bytes < pack->bytes() - location.entry.offset;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::optional<ChunkLocation> find_usable(ChunkIndex& index, PackFiles& packs, const ChunkId& id,
                                         ChunkKind kind) {
  std::optional<ChunkLocation> found = index.find(id);
  if (found && (found->entry.kind != kind || !holds(packs, *found))) return std::nullopt;
  return found;
}

ChunkWriter::ChunkWriter(const StoreFolder& folder, ChunkIndex& index)
    : folder_(folder),
      index_(index),
      existing_(folder.packs()),
      queue_([this](const RawChunk& chunk, std::span<const std::byte> frame) {
        append(chunk, frame);
      }) {}

ChunkId ChunkWriter::add(ChunkKind kind, std::span<const std::byte> raw) {
  const ChunkId id = chunk_id(raw);
  if (must_write(id, kind)) queue_.submit(id, kind, raw);
  return id;
}

bool ChunkWriter::must_write(const ChunkId& id, ChunkKind kind) {
  const std::lock_guard lock(mutex_);
  if (!known_.insert(id).second) return false;
  const std::optional<ChunkLocation> found = find_usable(index_, existing_, id, kind);
  if (found) used_packs_.insert(found->pack);
  return !found;
}

void ChunkWriter::append(const RawChunk& chunk, std::span<const std::byte> frame) {
  if (!pack_) pack_.emplace(folder_.temporary());
  pack_->append(chunk.id, chunk.kind, chunk.bytes.size(), frame);
  if (pack_->full()) finish_pack();
}

void ChunkWriter::finish_pack() {
  finished_.push_back(std::move(*pack_).finish());
  pack_.reset();
}

ChunkWriter::Result ChunkWriter::commit() {
  queue_.drain();
  if (pack_) finish_pack();
  publish_packs(finished_, folder_.packs());
  Result result;
  for (const FinishedPack& pack : finished_) {
    index_.add_pack(pack.info, pack.entries);
    used_packs_.insert(pack.info.name);
    result.stored_bytes += pack.info.bytes;
  }
  result.packs.assign(used_packs_.begin(), used_packs_.end());
  return result;
}

}  // namespace quemsi
