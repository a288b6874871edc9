// Chunks in packs: content-addressed, deduplicated, compressed, verified.
// The format is specified in src/store/FORMAT.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "quemsi/error.hpp"
#include "quemsi/ids.hpp"
#include "quemsi/image.hpp"
#include "quemsi/progress.hpp"

namespace quemsi {

/// What a chunk holds. The values are part of the format.
enum class ChunkKind : std::uint8_t {
  data = 1,
  manifest = 2,  ///< lists an image's sections and chunks
  record = 3,    ///< a snapshot's description, so that the catalogue can be rebuilt
};

struct PackEntry {
  ChunkId id;
  ChunkKind kind;
  std::uint64_t offset;        ///< of the frame, from the start of the pack
  std::uint32_t stored_bytes;  ///< compressed frame
  std::uint32_t raw_bytes;
};

struct PackInfo {
  std::string name;  ///< file name in packs/, without folder
  std::uint64_t bytes;
};

struct ChunkLocation {
  std::string pack;
  PackEntry entry;
};

/// Where chunks are. Implemented outside the store, over the catalogue. Calls come
/// one at a time, and only from inside a call of the store or of an image's sink: in
/// the caller's thread, which for a section's sink may not be the store's.
class ChunkIndex {
 public:
  virtual ~ChunkIndex() = default;
  virtual std::optional<ChunkLocation> find(const ChunkId& id) = 0;
  /// The pack is durable: makes all its entries known, in one transaction.
  virtual void add_pack(const PackInfo& pack, std::span<const PackEntry> entries) = 0;
};

struct SealedImage {
  ChunkId manifest;
  std::uint64_t bytes;             ///< raw size of all chunks
  std::uint64_t stored_bytes;      ///< what this image added to the store
  std::vector<std::string> packs;  ///< every pack that it needs, by file name, sorted
};

/// While it lives, no process removes a pack. Held from before the first chunk
/// is looked up until the catalogue names the image: a chunk found by
/// deduplication must not vanish in between.
class PackHold {
 public:
  virtual ~PackHold() = default;
};

/// A pack, and what is in it.
struct PackContents {
  PackInfo info;
  std::vector<PackEntry> entries;
};

/// Nobody else reads or writes packs.
class SoleHold {
 public:
  virtual ~SoleHold() = default;
  /// Copies what `keep` says yes to out of these packs into a new one, every byte checked; durable
  /// on return, unknown to the index. At most as much as one pack takes, or Error(internal). None
  /// when there is nothing to keep. Throws Error(corrupt), having changed nothing.
  virtual std::optional<PackContents> merge(const std::vector<std::string>& packs,
                                            const std::function<bool(const ChunkId&)>& keep) = 0;
  /// Returns the bytes freed. The index has forgotten them.
  virtual std::uint64_t remove(const std::vector<std::string>& packs) = 0;
};

/// Writes one image. Destroying it without commit leaves no trace.
class ImageWriter : public ImageSink {
 public:
  /// Packs durable, then index; returns when both are. Throws Error(io),
  /// Error(internal) when a section was not finished.
  virtual SealedImage commit() = 0;
};

/// One thing that a check found wrong.
struct StoreFinding {
  std::string pack;              ///< file name in packs/
  std::optional<ChunkId> chunk;  ///< none: the pack as a whole
  std::string what;
};

/// One process may hold several; processes share the folder: writers hold a
/// shared lock, removal of packs takes it alone. Used from one thread.
class Store {
 public:
  virtual ~Store() = default;

  /// Waits up to `wait` for a removal in another process, then throws Error(busy).
  virtual std::unique_ptr<PackHold> hold_packs(std::chrono::milliseconds wait) = 0;
  /// Alone in the store: every pack that a writer has finished is in the index. None when
  /// somebody, this process included, still has a hold after `wait`. Destroyed before the store.
  virtual std::unique_ptr<SoleHold> hold_packs_alone(std::chrono::milliseconds wait) = 0;
  /// The caller has a PackHold.
  virtual std::unique_ptr<ImageWriter> write_image() = 0;
  /// Reads the manifest only. Throws Error(corrupt) when it, or a chunk's entry, is missing. As
  /// long as the image lives, no pack is removed; waits for whoever is about to, then throws
  /// Error(busy).
  [[nodiscard]] virtual std::unique_ptr<ImageSource> read_image(const ChunkId& manifest) = 0;
  /// Reads every byte of an image back from the disk, past the page cache where
  /// the system allows it. Throws Error(corrupt).
  virtual void verify_image(const ChunkId& manifest, Progress& progress) = 0;
  /// What an image consists of, its manifest included; may name one twice. Reads the manifest only.
  [[nodiscard]] virtual std::vector<ChunkId> chunks_of_image(const ChunkId& manifest) = 0;
  /// Every pack that an image needs, by file name, sorted (its manifest's included).
  [[nodiscard]] virtual std::vector<std::string> packs_of_image(const ChunkId& manifest) = 0;

  /// Keeps a small text (kind record) in a pack of its own; durable on return,
  /// known to the index. The caller has a PackHold.
  virtual ChunkLocation write_record(std::string_view text) = 0;
  [[nodiscard]] virtual std::string read_record(const ChunkId& id) = 0;

  /// Every pack in the folder, by footer: for rebuilding the index. Packs that
  /// cannot be read are reported to `bad` and passed over.
  virtual void scan(const std::function<void(const PackInfo&, std::span<const PackEntry>)>& pack,
                    const std::function<void(const StoreFinding&)>& bad) = 0;
  /// Reads every byte of every pack and checks frames, hashes and footers.
  virtual std::vector<StoreFinding> check(Progress& progress) = 0;
  /// Removes the packs for which `dead` says so, alone in the store: waits up to
  /// `wait` for writers, then throws Error(busy). Before `dead` returns true it
  /// has taken the pack out of the index. Removes what killed writers left, too.
  /// Returns the bytes freed.
  virtual std::uint64_t remove_packs(const std::function<bool(const PackInfo&)>& dead,
                                     std::chrono::milliseconds wait) = 0;
};

/// `folder` is created when missing. `index` must outlive the store.
std::unique_ptr<Store> open_store(const std::filesystem::path& folder, ChunkIndex& index);

/// For `inspect`: a pack's contents as text, from the file alone.
std::string describe_pack(const std::filesystem::path& pack);

}  // namespace quemsi
