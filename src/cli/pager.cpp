#include "cli/pager.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <set>

#include "cli/terminal.hpp"
#include "util/fd.hpp"

namespace quemsi::cli {
namespace {

/// While it lives, a reader that leaves early is no reason to die.
class WithoutSigpipe {
 public:
  WithoutSigpipe() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~WithoutSigpipe() { static_cast<void>(std::signal(SIGPIPE, before_)); }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  void (*before_)(int);
};

/// What git sets for pagers that the user has not configured.
void set_pager_defaults() {
  setenv("LESS", "FRX", 0);  // NOLINT(concurrency-mt-unsafe): no thread runs any more
  setenv("LV", "-c", 0);     // NOLINT(concurrency-mt-unsafe): as above
}

std::optional<pid_t> start_shell(const std::string& command, const Fd& input) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  std::array<std::string, 3> words{"sh", "-c", command};
  const std::array<char*, 4> argv{words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t pid = 0;
  const int code = posix_spawnp(&pid, "sh", &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) return std::nullopt;
  return pid;
}

void feed(const Fd& pipe, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(pipe.get(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // the user has seen enough
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

std::optional<std::string> choose_pager(const PagerSources& sources) {
  static const std::set<std::string> no{"false", "no", "off", "0"};
  static const std::set<std::string> yes{"true", "yes", "on", "1", ""};
  if (!sources.terminal || sources.in_use) return std::nullopt;
  std::optional<std::string> chosen;
  if (sources.pager_quemsi) {
    if (no.contains(*sources.pager_quemsi)) return std::nullopt;
    if (!yes.contains(*sources.pager_quemsi)) chosen = sources.pager_quemsi;
  }
  if (!chosen) chosen = sources.git_pager;
  if (!chosen) chosen = sources.core_pager;
  if (!chosen) chosen = sources.pager;
  if (!chosen) chosen = "less";
  if (chosen->empty() || *chosen == "cat") return std::nullopt;
  return chosen;
}

bool show_in_pager(const std::string& command, std::string_view text) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  Fd reading(ends[0]);
  Fd writing(ends[1]);
  set_pager_defaults();
  const std::optional<pid_t> pid = start_shell(command, reading);
  if (!pid) return false;
  reading = Fd();  // or a pager that leaves early would not be noticed
  const WithoutSigpipe quiet;
  feed(writing, text);
  writing = Fd();
  while (waitpid(*pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return true;
}

}  // namespace quemsi::cli
