#include "util/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

namespace quemsi {
namespace {

/// umask(2) can only be read by setting it; /proc tells without that race.
mode_t current_umask() {
  const std::string status = read_text_file_if_exists("/proc/self/status").value_or("");
  const std::size_t at = status.find("Umask:");
  if (at == std::string::npos) return 022;
  return static_cast<mode_t>(std::strtoul(status.c_str() + at + 6, nullptr, 8));
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path target, mode_t mode) : target_(std::move(target)) {
  std::string name = target_.string() + ".tmp-XXXXXX";
  fd_ = Fd(mkostemp(name.data(), O_CLOEXEC));
  if (!fd_) throw_errno(errno, "create", target_);
  temporary_ = name;
  if (fchmod(fd_.get(), mode & ~current_umask()) != 0) throw_errno(errno, "set the mode of", name);
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) { write_all(fd_, bytes, target_); }

void AtomicFile::write(std::string_view text) {
  write(std::as_bytes(std::span(text.data(), text.size())));
}

void AtomicFile::commit() {
  sync_file(fd_, target_);
  rename_durably(temporary_, target_);
  temporary_.clear();
}

}  // namespace quemsi
