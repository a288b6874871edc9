#include "engine/sqlite/file_copy.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

namespace quemsi::sqlite_engine {
namespace {

constexpr std::size_t stride = std::size_t{8} << 20;

bool is_unsupported(int code) {
  return code == EXDEV || code == EINVAL || code == ENOSYS || code == EOPNOTSUPP || code == EPERM ||
         code == EBADF;
}

/// One stride by the kernel; none when it cannot for these files.
std::optional<std::size_t> copy_in_kernel(int from, const Fd& to, off_t offset,
                                          const std::filesystem::path& target) {
  off_t in = offset;
  off_t out = offset;
  const ssize_t done = copy_file_range(from, &in, to.get(), &out, stride, 0);
  if (done >= 0) return static_cast<std::size_t>(done);
  if (errno == EINTR) return copy_in_kernel(from, to, offset, target);
  if (is_unsupported(errno)) return std::nullopt;
  throw_errno(errno, "write", target);
}

std::size_t copy_by_hand(int from, const Fd& to, off_t offset,
                         const std::filesystem::path& target) {
  std::vector<std::byte> buffer(std::size_t{1} << 20);
  const ssize_t got = pread(from, buffer.data(), buffer.size(), offset);
  if (got < 0) throw_errno(errno, "read for", target);
  if (lseek(to.get(), offset, SEEK_SET) < 0) throw_errno(errno, "write", target);
  write_all(to, std::span(buffer).first(static_cast<std::size_t>(got)), target);
  return static_cast<std::size_t>(got);
}

}  // namespace

bool reflink(int from, const Fd& to) { return ioctl(to.get(), FICLONE, from) == 0; }

bool may_reflink(const std::filesystem::path& folder) {
  constexpr std::int64_t btrfs = 0x9123683e;
  constexpr std::int64_t xfs = 0x58465342;
  constexpr std::int64_t bcachefs = 0xca451a4e;
  constexpr std::int64_t zfs = 0x2fc12fc1;
  struct statfs info {};
  if (statfs(folder.c_str(), &info) != 0) return false;
  const auto type = static_cast<std::int64_t>(info.f_type);
  return type == btrfs || type == xfs || type == bcachefs || type == zfs;
}

void copy_contents(int from, const Fd& to, const std::filesystem::path& target,
                   Progress& progress) {
  if (reflink(from, to)) return;
  off_t offset = 0;
  for (;;) {
    progress.check_cancelled();
    auto done = copy_in_kernel(from, to, offset, target);
    // Some file systems answer 0 instead of an error: the end is believed only when reading agrees.
    if (!done || *done == 0) done = copy_by_hand(from, to, offset, target);
    if (*done == 0) return;
    offset += static_cast<off_t>(*done);
    progress.advance(*done);
  }
}

void copy_file(const std::filesystem::path& from, const std::filesystem::path& to,
               Progress& progress) {
  const Fd source = open_file(from, O_RDONLY);
  const Fd target = open_file(to, O_RDWR | O_CREAT | O_EXCL);
  copy_contents(source.get(), target, to, progress);
  sync_file(target, to);
}

}  // namespace quemsi::sqlite_engine
