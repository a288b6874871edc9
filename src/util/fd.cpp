#include "util/fd.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "quemsi/error.hpp"

namespace quemsi {
namespace {

template <class Call>
auto retry_interrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

std::string read_all(const Fd& fd, const std::filesystem::path& path) {
  std::string text;
  std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t got =
        retry_interrupted([&] { return read(fd.get(), buffer.data(), buffer.size()); });
    if (got < 0) throw_errno(errno, "read", path);
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) close(fd_);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Fd::~Fd() {
  if (fd_ >= 0) close(fd_);
}

void throw_errno(int code, const std::string& what, const std::filesystem::path& path) {
  Error error(ErrorKind::io, "cannot " + what + " " + path.string() + ": " +
                                 std::generic_category().message(code));
  if (code == ENOSPC || code == EDQUOT)
    error.hint("free some space, then try again: nothing was lost");
  if (code == EACCES || code == EPERM || code == EROFS) {
    error.hint("check the permissions: ls -ld '" + path.string() + "'");
  }
  throw std::move(error);
}

Fd open_file(const std::filesystem::path& path, int flags, mode_t mode) {
  const int fd = retry_interrupted([&] { return open(path.c_str(), flags | O_CLOEXEC, mode); });
  if (fd < 0) throw_errno(errno, "open", path);
  return Fd(fd);
}

std::optional<Fd> open_if_exists(const std::filesystem::path& path, int flags) {
  const int fd = retry_interrupted([&] { return open(path.c_str(), flags | O_CLOEXEC); });
  if (fd >= 0) return Fd(fd);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw_errno(errno, "open", path);
}

void write_all(const Fd& fd, std::span<const std::byte> bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t done =
        retry_interrupted([&] { return write(fd.get(), bytes.data(), bytes.size()); });
    if (done < 0) throw_errno(errno, "write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

void read_exact_at(const Fd& fd, std::span<std::byte> bytes, std::uint64_t offset,
                   const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t got = retry_interrupted(
        [&] { return pread(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    if (got < 0) throw_errno(errno, "read", path);
    if (got == 0) throw Error(ErrorKind::corrupt, path.string() + " ends too early");
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
}

struct stat stat_of(const Fd& fd, const std::filesystem::path& path) {
  struct stat info {};
  if (fstat(fd.get(), &info) != 0) throw_errno(errno, "stat", path);
  return info;
}

std::uint64_t file_size(const Fd& fd, const std::filesystem::path& path) {
  return static_cast<std::uint64_t>(stat_of(fd, path).st_size);
}

std::optional<struct stat> stat_if_exists(const std::filesystem::path& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) return info;
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw_errno(errno, "stat", path);
}

void sync_file(const Fd& fd, const std::filesystem::path& path) {
  if (fdatasync(fd.get()) != 0) throw_errno(errno, "sync", path);
}

void sync_folder(const std::filesystem::path& folder) {
  const std::filesystem::path name = folder.empty() ? "." : folder;
  const Fd fd = open_file(name, O_RDONLY | O_DIRECTORY);
  if (fsync(fd.get()) != 0) throw_errno(errno, "sync", name);
}

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (rename(from.c_str(), to.c_str()) != 0) throw_errno(errno, "rename to", to);
  sync_folder(to.parent_path());
}

bool remove_file(const std::filesystem::path& path) {
  if (unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  throw_errno(errno, "remove", path);
}

std::string read_text_file(const std::filesystem::path& path) {
  return read_all(open_file(path, O_RDONLY), path);
}

std::optional<std::string> read_text_file_if_exists(const std::filesystem::path& path) {
  const std::optional<Fd> fd = open_if_exists(path, O_RDONLY);
  if (!fd) return std::nullopt;
  return read_all(*fd, path);
}

}  // namespace quemsi
