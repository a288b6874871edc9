// File descriptors that close themselves, and the system calls that we retry or check.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace quemsi {

/// Owns a file descriptor; -1 is none. Always close-on-exec.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd();

  [[nodiscard]] int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// All throw Error(io) with the path and strerror, and retry EINTR.

/// open(2) with O_CLOEXEC; `mode` counts when O_CREAT is among the flags.
Fd open_file(const std::filesystem::path& path, int flags, mode_t mode = 0666);
/// As open_file, none when there is no such file.
std::optional<Fd> open_if_exists(const std::filesystem::path& path, int flags);
void write_all(const Fd& fd, std::span<const std::byte> bytes, const std::filesystem::path& path);
/// Exactly bytes.size() from `offset`; Error(corrupt) when the file ends before.
void read_exact_at(const Fd& fd, std::span<std::byte> bytes, std::uint64_t offset,
                   const std::filesystem::path& path);
std::uint64_t file_size(const Fd& fd, const std::filesystem::path& path);
struct stat stat_of(const Fd& fd, const std::filesystem::path& path);
/// None when there is nothing at that path.
std::optional<struct stat> stat_if_exists(const std::filesystem::path& path);
/// fdatasync; a failure is fatal for what was written, never retried.
void sync_file(const Fd& fd, const std::filesystem::path& path);
/// Makes renames and removals in the folder durable.
void sync_folder(const std::filesystem::path& folder);
/// rename(2), then sync_folder of the target's folder.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);
/// unlink(2); false when there was nothing.
bool remove_file(const std::filesystem::path& path);
std::string read_text_file(const std::filesystem::path& path);
std::optional<std::string> read_text_file_if_exists(const std::filesystem::path& path);

/// Error(io) "cannot <what> <path>: <strerror(code)>", with a hint for ENOSPC and EACCES.
[[noreturn]] void throw_errno(int code, const std::string& what, const std::filesystem::path& path);

}  // namespace quemsi
