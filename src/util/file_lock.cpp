#include "util/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>
#include <utility>

#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr std::chrono::milliseconds poll_interval{2};
/// A wait shorter than this is not worth a word.
constexpr std::chrono::milliseconds patience{300};

bool acquire(const Fd& fd, LockMode mode, const std::filesystem::path& file) {
  const int operation = (mode == LockMode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  while (flock(fd.get(), operation) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) throw_errno(errno, "lock", file);
  }
  return true;
}

/// For the message of whoever waits; failing to write it harms nobody.
void write_pid(const Fd& fd) {
  const std::string text = std::to_string(getpid()) + "\n";
  if (ftruncate(fd.get(), 0) != 0) return;
  static_cast<void>(!pwrite(fd.get(), text.data(), text.size(), 0));
}

Error busy(const std::filesystem::path& file) {
  const std::string holder(trim(read_text_file_if_exists(file).value_or("")));
  Error error(ErrorKind::busy, "another git-quemsi process is at work in this repository");
  if (!holder.empty()) error.cause("process " + holder + " holds " + file.string());
  error.hint("wait for it to finish, then try again");
  return error;
}

}  // namespace

std::optional<FileLock> FileLock::try_lock(const std::filesystem::path& file, LockMode mode) {
  Fd fd = open_file(file, O_RDWR | O_CREAT);
  if (!acquire(fd, mode, file)) return std::nullopt;
  if (mode == LockMode::exclusive) write_pid(fd);
  return FileLock(std::move(fd));
}

FileLock FileLock::lock(const std::filesystem::path& file, LockMode mode,
                        std::chrono::milliseconds limit, const std::function<void()>& waiting) {
  const auto start = std::chrono::steady_clock::now();
  bool told = false;
  for (;;) {
    if (std::optional<FileLock> lock = try_lock(file, mode)) return std::move(*lock);
    const auto waited = std::chrono::steady_clock::now() - start;
    if (waited >= limit) throw busy(file);
    if (waited >= patience && !std::exchange(told, true) && waiting) waiting();
    std::this_thread::sleep_for(poll_interval);
  }
}

}  // namespace quemsi
