// Distinct types for distinct identifiers: a mix-up does not compile.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace quemsi {

/// Milliseconds since the Unix epoch, UTC.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// A non-empty string of one meaning. Tag is an empty struct that names it.
template <class Tag>
class StringId {
 public:
  explicit StringId(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] const std::string& str() const noexcept { return text_; }
  auto operator<=>(const StringId&) const = default;

 private:
  std::string text_;
};

/// 16 letters of k-z, 64 random bits: cannot be taken for a commit hash.
using SnapshotId = StringId<struct SnapshotIdTag>;
/// 16 letters of k-z. Names one database's content inside one snapshot.
using ImageId = StringId<struct ImageIdTag>;
/// 16 letters of k-z, kept as `branch.<name>.quemsi`: survives `git branch -m`.
using BranchKey = StringId<struct BranchKeyTag>;
/// Hexadecimal object id of a commit: 40 or 64 characters.
using CommitId = StringId<struct CommitIdTag>;
/// `quemsi_<image id>`: a parked copy's name on its server or in its folder.
using ParkedName = StringId<struct ParkedNameTag>;
/// `main` for the main worktree, else the name of the folder in `.git/worktrees/`;
/// `main~` where that is `main`.
using WorktreeId = StringId<struct WorktreeIdTag>;
/// An engine's proof of "unchanged": equal tokens mean provably equal content,
/// unequal ones mean nothing. Opaque outside the engine that made it.
using Token = StringId<struct TokenTag>;

/// SHA-256 of a chunk's raw bytes.
class ChunkId {
 public:
  static constexpr std::size_t size = 32;
  using Bytes = std::array<std::byte, size>;

  explicit ChunkId(const Bytes& bytes) : bytes_(bytes) {}
  [[nodiscard]] const Bytes& bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::string hex() const;
  /// None unless `hex` is exactly 64 hexadecimal digits.
  static std::optional<ChunkId> parse(std::string_view hex);
  auto operator<=>(const ChunkId&) const = default;

 private:
  Bytes bytes_;
};

/// Throws Error(io) when the system has no randomness to give.
SnapshotId new_snapshot_id();
ImageId new_image_id();
BranchKey new_branch_key();

/// As much of a commit's id as people read.
std::string short_id(const CommitId& commit);

/// True for 1 to 16 letters of k-z: what may be a prefix of a snapshot's id.
bool looks_like_id_prefix(std::string_view text);

ParkedName parked_name(const ImageId& image);

}  // namespace quemsi

template <class Tag>
struct std::hash<quemsi::StringId<Tag>> {
  std::size_t operator()(const quemsi::StringId<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};

template <>
struct std::hash<quemsi::ChunkId> {
  std::size_t operator()(const quemsi::ChunkId& id) const noexcept {
    std::size_t value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) {
      value = (value << 8) | static_cast<std::size_t>(id.bytes()[i]);
    }
    return value;
  }
};
