#include "quemsi/store.hpp"

#include <fcntl.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "store/check.hpp"
#include "store/chunk_writer.hpp"
#include "store/image_map.hpp"
#include "store/image_writer.hpp"
#include "store/locked_index.hpp"
#include "store/manifest.hpp"
#include "store/merge.hpp"
#include "store/pack_file.hpp"
#include "store/pack_format.hpp"
#include "store/packed_image.hpp"
#include "store/store_folder.hpp"

namespace quemsi {
namespace {

/// A restore may be about to begin, or a removal to end.
constexpr std::chrono::seconds longest_removal{60};

class SharedHold : public PackHold {
 public:
  SharedHold(FileLock lock, std::shared_ptr<const void> counted)
      : lock_(std::move(lock)), counted_(std::move(counted)) {}

 private:
  FileLock lock_;
  std::shared_ptr<const void> counted_;
};

class AloneHold : public SoleHold {
 public:
  AloneHold(const StoreFolder& folder, FileLock lock) : folder_(folder), lock_(std::move(lock)) {}

  std::optional<PackContents> merge(const std::vector<std::string>& packs,
                                    const std::function<bool(const ChunkId&)>& keep) override {
    std::optional<FinishedPack> merged = merge_packs(folder_, packs, keep);
    if (!merged) return std::nullopt;
    publish_packs({&*merged, 1}, folder_.packs());
    return PackContents{merged->info, std::move(merged->entries)};
  }

  std::uint64_t remove(const std::vector<std::string>& packs) override {
    std::uint64_t freed = 0;
    for (const PackInfo& info : folder_.list_packs()) {
      if (std::ranges::find(packs, info.name) == packs.end()) continue;
      if (remove_file(folder_.packs() / info.name)) freed += info.bytes;
    }
    sync_folder(folder_.packs());
    return freed;
  }

 private:
  const StoreFolder& folder_;
  FileLock lock_;
};

class PackStore : public Store {
 public:
  PackStore(const std::filesystem::path& folder, ChunkIndex& index)
      : folder_(folder), index_(index) {}

  std::unique_ptr<PackHold> hold_packs(std::chrono::milliseconds wait) override {
    return std::make_unique<SharedHold>(folder_.lock(LockMode::shared, wait), holds_);
  }

  std::unique_ptr<SoleHold> hold_packs_alone(std::chrono::milliseconds wait) override {
    try {
      return std::make_unique<AloneHold>(folder_, folder_.lock(LockMode::exclusive, wait));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::busy) throw;
      return nullptr;
    }
  }

  std::unique_ptr<ImageWriter> write_image() override {
    require_hold();
    return std::make_unique<PackedImageWriter>(folder_, index_);
  }

  std::unique_ptr<ImageSource> read_image(const ChunkId& manifest) override {
    FileLock hold = folder_.lock(LockMode::shared, longest_removal);
    return std::make_unique<PackedImage>(map(manifest), folder_.packs(), std::move(hold));
  }

  void verify_image(const ChunkId& manifest, Progress& progress) override {
    PackFiles packs(folder_.packs(), PageCache::bypass);
    verify_chunks(map_image(manifest, index_, packs), packs, progress);
  }

  std::vector<ChunkId> chunks_of_image(const ChunkId& manifest) override {
    std::vector<ChunkId> chunks{manifest};
    PackFiles packs(folder_.packs());
    const Manifest image =
        decode_manifest(read_text(manifest, packs), [&](const ManifestPart& part) {
          chunks.push_back(part.id);
          return read_text(part.id, packs);
        });
    for (const ManifestSection& section : image.sections) {
      for (const ManifestChunk& chunk : section.chunks) chunks.push_back(chunk.id);
    }
    return chunks;
  }

  std::vector<std::string> packs_of_image(const ChunkId& manifest) override {
    std::vector<std::string> packs = map(manifest).packs;
    std::ranges::sort(packs);
    return packs;
  }

  ChunkLocation write_record(std::string_view text) override;
  std::string read_record(const ChunkId& id) override {
    PackFiles packs(folder_.packs());
    return read_text(id, packs);
  }
  void scan(const std::function<void(const PackInfo&, std::span<const PackEntry>)>& pack,
            const std::function<void(const StoreFinding&)>& bad) override;

  std::vector<StoreFinding> check(Progress& progress) override {
    return check_packs(folder_, progress);
  }

  std::uint64_t remove_packs(const std::function<bool(const PackInfo&)>& dead,
                             std::chrono::milliseconds wait) override;

 private:
  void require_hold() const {
    if (holds_.use_count() > 1) return;
    throw Error(ErrorKind::internal, "the store is written to without a hold on its packs");
  }

  std::string read_text(const ChunkId& id, PackFiles& packs);

  ImageMap map(const ChunkId& manifest) {
    PackFiles packs(folder_.packs());
    return map_image(manifest, index_, packs);
  }

  StoreFolder folder_;
  LockedIndex index_;
  std::shared_ptr<const void> holds_ = std::make_shared<char>();  ///< every hold has a copy
};

ChunkLocation PackStore::write_record(std::string_view text) {
  require_hold();
  if (text.empty() || text.size() > pack_format::max_raw_bytes(ChunkKind::record)) {
    throw Error(ErrorKind::internal, fmt::format("a record cannot have {} bytes", text.size()));
  }
  const auto raw = std::as_bytes(std::span(text));
  const ChunkId id = chunk_id(raw);
  PackFiles packs(folder_.packs());
  if (auto found = find_usable(index_, packs, id, ChunkKind::record)) return *std::move(found);
  PackWriter writer(folder_.temporary());
  Compressor compressor;
  writer.append(id, ChunkKind::record, raw.size(), compressor.compress(raw));
  std::array<FinishedPack, 1> finished{std::move(writer).finish()};
  publish_packs(finished, folder_.packs());
  index_.add_pack(finished.front().info, finished.front().entries);
  return {finished.front().info.name, finished.front().entries.front()};
}

std::string PackStore::read_text(const ChunkId& id, PackFiles& packs) {
  std::optional<ChunkLocation> found = index_.find(id);
  if (!found) {
    throw Error(ErrorKind::corrupt, fmt::format("chunk {} is missing", id.hex()))
        .hint("rebuild the index from the packs: git quemsi fsck --repair");
  }
  found->entry.id = id;
  return packs.open(found->pack)->text(found->entry);
}

void PackStore::scan(const std::function<void(const PackInfo&, std::span<const PackEntry>)>& pack,
                     const std::function<void(const StoreFinding&)>& bad) {
  for (const PackInfo& info : folder_.list_packs()) {
    const std::filesystem::path path = folder_.packs() / info.name;
    std::vector<PackEntry> entries;
    try {
      std::optional<Fd> fd = open_if_exists(path, O_RDONLY);
      if (!fd) continue;  // removed since the folder was listed
      entries = PackFile(std::move(*fd), path).entries();
    } catch (const Error& error) {
      bad({info.name, std::nullopt, reason_of(error)});
      continue;
    }
    pack(info, entries);
  }
}

std::uint64_t PackStore::remove_packs(const std::function<bool(const PackInfo&)>& dead,
                                      std::chrono::milliseconds wait) {
  const FileLock alone = folder_.lock(LockMode::exclusive, wait);
  std::uint64_t freed = folder_.remove_leftovers();
  for (const PackInfo& info : folder_.list_packs()) {
    if (dead(info) && remove_file(folder_.packs() / info.name)) freed += info.bytes;
  }
  sync_folder(folder_.packs());
  return freed;
}

}  // namespace

std::unique_ptr<Store> open_store(const std::filesystem::path& folder, ChunkIndex& index) {
  return std::make_unique<PackStore>(folder, index);
}

}  // namespace quemsi
