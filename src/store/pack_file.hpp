// Reading packs: nothing is believed before it is checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/store.hpp"
#include "util/fd.hpp"

namespace quemsi {

/// Error(corrupt) that names the pack, and what to type.
Error bad_pack(std::string_view pack, const std::string& reason);
Error bad_chunk(std::string_view pack, const ChunkId& id, const std::string& reason);

/// The raw bytes of a frame. Throws Error(corrupt) with the bare reason unless
/// they are what the entry's id names.
std::vector<std::byte> unpack(std::span<const std::byte> frame, const PackEntry& entry);

/// An open pack. Safe to read from several threads.
class PackFile {
 public:
  /// Throws Error(corrupt) or Error(unsupported) when the header is not ours.
  PackFile(Fd fd, std::filesystem::path path);

  [[nodiscard]] std::string name() const { return path_.filename().string(); }
  [[nodiscard]] std::uint32_t version() const noexcept { return version_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  /// The footer. Throws Error(corrupt).
  [[nodiscard]] std::vector<PackEntry> entries() const;
  /// As stored. Throws Error(corrupt) with the bare reason.
  [[nodiscard]] std::vector<std::byte> frame(const PackEntry& entry) const;
  [[nodiscard]] std::vector<std::byte> read(std::uint64_t offset, std::size_t size) const;
  /// The raw bytes, checked. Throws Error(corrupt) naming pack and chunk.
  [[nodiscard]] std::vector<std::byte> chunk(const PackEntry& entry) const;
  /// The same as text.
  [[nodiscard]] std::string text(const PackEntry& entry) const;
  /// What is read next comes from the disk, where the system allows it.
  void forget_cached() const noexcept;

 private:
  [[nodiscard]] std::vector<PackEntry> read_entries() const;

  std::filesystem::path path_;
  Fd fd_;
  std::uint64_t bytes_;
  std::uint32_t version_;
};

enum class PageCache { use, bypass };

/// The packs of a folder, opened on first use. Safe to use from several threads.
class PackFiles {
 public:
  explicit PackFiles(std::filesystem::path folder, PageCache cache = PageCache::use)
      : folder_(std::move(folder)), cache_(cache) {}

  /// Throws Error(corrupt) when there is no such pack.
  [[nodiscard]] std::shared_ptr<const PackFile> open(const std::string& name);
  /// None when there is no such pack.
  [[nodiscard]] std::shared_ptr<const PackFile> open_if_exists(const std::string& name);

 private:
  std::filesystem::path folder_;
  PageCache cache_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const PackFile>> open_;
};

}  // namespace quemsi
