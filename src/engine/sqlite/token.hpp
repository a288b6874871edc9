// Proof that a database holds what it held.
//
// A state is what the system tells about the file without reading it (device,
// inode, size, both times) and a hash of the log, which is short. Equal states
// prove equal content only if the clock had moved past the file's times when the
// state was taken: a later write is then certain to leave a later time. Git calls
// the other case racy. Where that cannot be had, or where the state is about to
// change without the content (a log that will be written back), a hash of the
// content proves it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "quemsi/ids.hpp"

namespace quemsi::sqlite_engine {

/// Up to here hashing and copying cost milliseconds.
inline constexpr std::uint64_t small_bytes = std::uint64_t{64} << 20;

struct FileState {
  std::string text;
  bool settled = false;  ///< proves something when it is met again
  bool log_empty = true;
  bool operator==(const FileState& other) const { return text == other.text; }
};

/// None when there is no such file.
std::optional<FileState> state_of(const std::filesystem::path& file);
/// Waits for a few ticks of the clock at most for the state to settle.
std::optional<FileState> settled_state_of(const std::filesystem::path& file);

struct Proof {
  std::optional<std::string> state;  ///< only a settled one
  std::optional<std::string> hash;
};

/// None when nothing is proven.
std::optional<Token> token_of(const Proof& proof);
/// None for anything that this release did not write.
std::optional<Proof> parse_token(const Token& token);

/// True only when `file` is provably what the token was made for. Never throws
/// for what is wrong with the database: then nothing is proven.
bool proves(const Token& token, const std::filesystem::path& file,
            std::chrono::milliseconds busy_timeout);
/// The same for who keeps everybody else out of `file`, and reads it in a way of its own: `hash`
/// is asked for the content's hash only if need be.
bool proves_locked(const Token& token, const std::filesystem::path& file,
                   const std::function<std::string()>& hash);

}  // namespace quemsi::sqlite_engine
