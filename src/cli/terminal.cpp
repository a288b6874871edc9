#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "cli/signals.hpp"
#include "util/fd.hpp"

namespace quemsi::cli {
namespace {

int descriptor(Stream stream) {
  switch (stream) {
    case Stream::in:
      return STDIN_FILENO;
    case Stream::out:
      return STDOUT_FILENO;
    case Stream::err:
      return STDERR_FILENO;
  }
  return STDERR_FILENO;
}

}  // namespace

bool is_terminal(Stream stream) { return isatty(descriptor(stream)) == 1; }

std::optional<std::size_t> terminal_width() {
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    winsize size{};
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  return std::nullopt;
}

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets it then
  if (value == nullptr) return std::nullopt;
  return value;
}

std::optional<std::string> read_line() {
  std::string line;
  for (char c = 0;;) {
    wait_for_input(STDIN_FILENO);
    const ssize_t count = read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return line.empty() ? std::nullopt : std::optional(line);
    if (c == '\n') return line;
    line += c;
  }
}

std::string read_input() {
  std::string all;
  if (is_terminal(Stream::in)) return all;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t count = read(STDIN_FILENO, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return all;
    all.append(part.data(), static_cast<std::size_t>(count));
  }
}

void write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno(errno, "write to", "standard output");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void write_err(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t count = write(STDERR_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace quemsi::cli
