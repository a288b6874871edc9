// One pack on its way to the disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "quemsi/store.hpp"
#include "store/sha256.hpp"
#include "util/fd.hpp"

namespace quemsi {

/// A file under tmp/ that is removed on destruction, unless it was published.
class UnpublishedFile {
 public:
  explicit UnpublishedFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~UnpublishedFile();
  UnpublishedFile(UnpublishedFile&& other) noexcept;
  UnpublishedFile& operator=(UnpublishedFile&& other) noexcept;
  UnpublishedFile(const UnpublishedFile&) = delete;
  UnpublishedFile& operator=(const UnpublishedFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// rename(2); the folder is synced by the caller, once for all packs.
  void publish_as(const std::filesystem::path& target);

 private:
  std::filesystem::path path_;
};

/// Complete and on the disk, but not yet among the packs.
struct FinishedPack {
  UnpublishedFile file;
  PackInfo info;
  std::vector<PackEntry> entries;
};

class PackWriter {
 public:
  explicit PackWriter(const std::filesystem::path& temporary_folder);

  void append(const ChunkId& id, ChunkKind kind, std::size_t raw_bytes,
              std::span<const std::byte> frame);
  [[nodiscard]] bool full() const noexcept;
  /// Durable on return. A failure to sync is final: the pack is not used.
  FinishedPack finish() &&;

 private:
  explicit PackWriter(struct TemporaryFile file);
  void write(std::span<const std::byte> bytes);
  void flush();

  Fd fd_;
  UnpublishedFile file_;
  Sha256 hash_;
  std::vector<std::byte> buffer_;
  std::vector<PackEntry> entries_;
  std::uint64_t bytes_ = 0;
};

/// Renames them into `folder` and syncs it: on return they are there to stay.
void publish_packs(std::span<FinishedPack> packs, const std::filesystem::path& folder);

}  // namespace quemsi
