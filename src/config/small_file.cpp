#include "config/small_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "quemsi/error.hpp"
#include "util/fd.hpp"

namespace quemsi::config {
namespace {

constexpr std::size_t limit = std::size_t{1} << 20;

}  // namespace

std::optional<std::string> read_small_file(const std::filesystem::path& path,
                                           const std::string& shown) {
  // O_NONBLOCK: opening a pipe must not wait for its writer.
  const auto fd = open_if_exists(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!fd) return std::nullopt;
  if (!S_ISREG(stat_of(*fd, path).st_mode)) {
    throw Error(ErrorKind::config, fmt::format("{}: is not a regular file", shown));
  }
  // Read until the end, not as many bytes as stat tells: some file systems tell nothing.
  std::string text;
  std::array<char, 16384> buffer{};
  while (text.size() <= limit) {
    const ssize_t got = read(fd->get(), buffer.data(), buffer.size());
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno(errno, "read", path);
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  throw Error(ErrorKind::config, fmt::format("{}: is larger than 1 MiB", shown));
}

}  // namespace quemsi::config
