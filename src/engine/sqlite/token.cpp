#include "engine/sqlite/token.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <thread>

#include "engine/sqlite/files.hpp"
#include "engine/sqlite/hash.hpp"
#include "engine/sqlite/reader.hpp"
#include "quemsi/error.hpp"
#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi::sqlite_engine {
namespace {

constexpr std::string_view token_version = "sqlite1";
constexpr std::int64_t second = 1'000'000'000;
/// As git's: the coarsest time stamps of file systems in use.
constexpr std::int64_t coarse_margin = 2 * second;
constexpr std::chrono::milliseconds longest_wait{20};
/// Local file systems stamp with the clock that we can read, to the tick.
constexpr std::array<std::uint32_t, 6> exact_file_systems{EXT4_SUPER_MAGIC,  XFS_SUPER_MAGIC,
                                                          BTRFS_SUPER_MAGIC, TMPFS_MAGIC,
                                                          F2FS_SUPER_MAGIC,  OVERLAYFS_SUPER_MAGIC};

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * second + time.tv_nsec;
}

std::int64_t file_clock() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return nanoseconds(now);
}

bool has_exact_times(const std::filesystem::path& file, const struct stat& info) {
  struct statfs system {};
  if (statfs(file.c_str(), &system) != 0) return false;
  const auto type = static_cast<std::uint32_t>(system.f_type);
  if (std::ranges::find(exact_file_systems, type) == exact_file_systems.end()) return false;
  // Small inodes keep whole seconds only.
  return info.st_mtim.tv_nsec != 0 || info.st_ctim.tv_nsec != 0;
}

std::string describe(const struct stat& info) {
  return fmt::format("{}:{}:{}:{}:{}", info.st_dev, info.st_ino, info.st_size,
                     nanoseconds(info.st_mtim), nanoseconds(info.st_ctim));
}

std::int64_t newest_time(const struct stat& info) {
  return std::max(nanoseconds(info.st_mtim), nanoseconds(info.st_ctim));
}

/// None for a log too big to be read each time, or that is being cut.
std::optional<std::string> log_hash(const std::filesystem::path& wal, std::uint64_t bytes) {
  constexpr std::uint64_t longest = std::uint64_t{8} << 20;
  const auto fd = open_if_exists(wal, O_RDONLY);
  if (!fd || bytes > longest || file_size(*fd, wal) < bytes) return std::nullopt;
  return file_hash(*fd, bytes, wal);
}

struct Look {
  FileState state;
  std::int64_t settles_at = 0;  ///< by the clock that stamps files
};

std::optional<Look> look_at(const std::filesystem::path& file) {
  const std::int64_t now = file_clock();
  const auto main = stat_if_exists(file);
  if (!main) return std::nullopt;
  Look look;
  look.state.text = describe(*main);
  look.settles_at = newest_time(*main) + (has_exact_times(file, *main) ? 1 : coarse_margin);
  look.state.settled = now >= look.settles_at;
  // Nobody has written to an empty log: it comes and goes with connections.
  const auto wal = stat_if_exists(wal_of(file));
  if (wal && wal->st_size > 0) {
    const auto hash = log_hash(wal_of(file), static_cast<std::uint64_t>(wal->st_size));
    look.state.log_empty = false;
    look.state.settled = look.state.settled && hash;
    look.state.text += fmt::format("/{}:{}", wal->st_size, hash.value_or("unread"));
  }
  return look;
}

bool hash_proves(const std::string& hash, const std::filesystem::path& file,
                 std::chrono::milliseconds busy_timeout) {
  Reader reader(file, busy_timeout);
  return reader.bytes() <= small_bytes && content_hash(reader.connection()) == hash;
}

}  // namespace

std::optional<FileState> state_of(const std::filesystem::path& file) {
  auto look = look_at(file);
  if (!look) return std::nullopt;
  return std::move(look->state);
}

std::optional<FileState> settled_state_of(const std::filesystem::path& file) {
  const auto deadline = std::chrono::steady_clock::now() + longest_wait;
  for (;;) {
    auto look = look_at(file);
    if (!look) return std::nullopt;
    const std::chrono::nanoseconds missing{look->settles_at - file_clock()};
    const bool hopeless = std::chrono::steady_clock::now() + missing > deadline;
    if (look->state.settled || hopeless) return std::move(look->state);
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
}

std::optional<Token> token_of(const Proof& proof) {
  if (!proof.state && !proof.hash) return std::nullopt;
  return Token(
      fmt::format("{} {} {}", token_version, proof.state.value_or("-"), proof.hash.value_or("-")));
}

std::optional<Proof> parse_token(const Token& token) {
  const std::vector<std::string> parts = split(token.str(), ' ');
  if (parts.size() != 3 || parts[0] != token_version) return std::nullopt;
  Proof proof;
  if (parts[1] != "-") proof.state = parts[1];
  if (parts[2] != "-") proof.hash = parts[2];
  return proof;
}

bool proves_locked(const Token& token, const std::filesystem::path& file,
                   const std::function<std::string()>& hash) {
  const auto proof = parse_token(token);
  const auto now = state_of(file);
  if (!proof || !now) return false;
  if (proof->state && *proof->state == now->text) return true;
  const auto info = stat_if_exists(file);
  const bool small = info && info->st_size <= static_cast<off_t>(small_bytes);
  return proof->hash && small && *proof->hash == hash();
}

bool proves(const Token& token, const std::filesystem::path& file,
            std::chrono::milliseconds busy_timeout) {
  const auto proof = parse_token(token);
  if (!proof) return false;
  try {
    if (has_hot_journal(file)) return false;
    const auto now = state_of(file);
    if (!now) return false;
    if (proof->state && *proof->state == now->text) return true;
    return proof->hash && hash_proves(*proof->hash, file, busy_timeout);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace quemsi::sqlite_engine
