#include "util/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>

#include "quemsi/error.hpp"
#include "util/fd.hpp"

extern char** environ;

namespace quemsi {
namespace {

using Environment = std::map<std::string, std::optional<std::string>>;

/// Strings that must live as long as the pointers handed to exec.
class CStrings {
 public:
  explicit CStrings(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* data() { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::vector<std::string> child_environment(const Environment& changes) {
  std::vector<std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!changes.contains(std::string(text.substr(0, text.find('='))))) result.emplace_back(text);
  }
  for (const auto& [name, value] : changes) {
    if (value) result.push_back(name + "=" + *value);
  }
  return result;
}

struct Pipe {
  Fd read;
  Fd write;
};

Pipe make_pipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) {
    throw Error(ErrorKind::io, "cannot make a pipe: " + std::generic_category().message(errno));
  }
  return {Fd(fds[0]), Fd(fds[1])};
}

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void use(const Fd& fd, int as) { posix_spawn_file_actions_adddup2(&actions_, fd.get(), as); }
  void open(int as, const char* path, int flags) {
    posix_spawn_file_actions_addopen(&actions_, as, path, flags, 0666);
  }
  void close_from(int first) { posix_spawn_file_actions_addclosefrom_np(&actions_, first); }
  void enter(const std::filesystem::path& folder) {
    if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class SpawnAttributes {
 public:
  explicit SpawnAttributes(short flags) {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    // We ignore SIGPIPE while we feed a child; the child itself must not.
    sigset_t reset;
    sigemptyset(&reset);
    sigaddset(&reset, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &reset);
    posix_spawnattr_setflags(
        &attributes_, static_cast<short>(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

pid_t spawn(const std::vector<std::string>& argv, const Environment& environment,
            const FileActions& actions, short flags) {
  CStrings arguments(argv);
  CStrings variables(child_environment(environment));
  const SpawnAttributes attributes(flags);
  pid_t pid = 0;
  const int code = posix_spawnp(&pid, argv.at(0).c_str(), actions.get(), attributes.get(),
                                arguments.data(), variables.data());
  if (code == 0) return pid;
  throw Error(ErrorKind::unsupported,
              "cannot run " + argv[0] + ": " + std::generic_category().message(code))
      .hint("check that it is installed and in PATH");
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return 127;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Reads what there is; closes the descriptor at the end of the stream.
void drain(Fd& fd, std::string& into) {
  std::array<char, 16384> buffer{};
  const ssize_t got = read(fd.get(), buffer.data(), buffer.size());
  if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
  if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) fd = Fd();
}

/// Writes what fits; closes the descriptor when all is written or nobody reads.
void feed(Fd& fd, std::string_view& input) {
  const ssize_t done = write(fd.get(), input.data(), input.size());
  if (done > 0) input.remove_prefix(static_cast<std::size_t>(done));
  if (input.empty() || (done < 0 && errno != EINTR && errno != EAGAIN)) fd = Fd();
}

void talk(Fd& to, std::string_view input, Fd& out, Fd& err, ProcessResult& result) {
  while (out || err || to) {
    std::array<pollfd, 3> polled{
        {{out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}, {to.get(), POLLOUT, 0}}};
    if (poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR) return;
    if (polled[0].revents != 0) drain(out, result.out);
    if (polled[1].revents != 0) drain(err, result.err);
    if (polled[2].revents != 0) feed(to, input);
  }
}

/// A child that closes its stdin early must not kill us.
class IgnoreSigpipe {
 public:
  IgnoreSigpipe() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &before_);
  }
  ~IgnoreSigpipe() { sigaction(SIGPIPE, &before_, nullptr); }
  IgnoreSigpipe(const IgnoreSigpipe&) = delete;
  IgnoreSigpipe& operator=(const IgnoreSigpipe&) = delete;

 private:
  struct sigaction before_ {};
};

}  // namespace

ProcessResult run_process(const ProcessRequest& request) {
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  Pipe in;
  FileActions actions;
  actions.enter(request.cwd);
  actions.use(out.write, STDOUT_FILENO);
  actions.use(err.write, STDERR_FILENO);
  if (request.input.empty()) {
    actions.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  } else {
    in = make_pipe();
    actions.use(in.read, STDIN_FILENO);
    fcntl(in.write.get(), F_SETFL, O_NONBLOCK);
  }
  const IgnoreSigpipe ignore;
  const pid_t pid = spawn(request.argv, request.environment, actions, 0);
  out.write = Fd();
  err.write = Fd();
  in.read = Fd();
  ProcessResult result;
  talk(in.write, request.input, out.read, err.read, result);
  result.exit_code = wait_for(pid);
  return result;
}

namespace {

constexpr int ready_descriptor = 3;

/// Whoever reads a pipe that our caller had open must not have to wait for what we start: it has
/// no descriptor from `first_unused` on.
void detach(FileActions& actions, int first_unused, const std::vector<std::string>& argv,
            const std::filesystem::path& cwd, const std::filesystem::path& log,
            const Environment& environment) {
  actions.enter(cwd);
  actions.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  actions.open(STDOUT_FILENO, "/dev/null", O_WRONLY);
  actions.open(STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND);
  actions.close_from(first_unused);
  spawn(argv, environment, actions, POSIX_SPAWN_SETSID);
}

}  // namespace

void start_detached(const std::vector<std::string>& argv, const std::filesystem::path& cwd,
                    const std::filesystem::path& log, const Environment& environment) {
  FileActions actions;
  detach(actions, STDERR_FILENO + 1, argv, cwd, log, environment);
}

Fd start_detached_with_pipe(const std::vector<std::string>& argv, const std::filesystem::path& cwd,
                            const std::filesystem::path& log, const Environment& environment) {
  Pipe pipe = make_pipe();
  FileActions actions;
  actions.use(pipe.write, ready_descriptor);
  detach(actions, ready_descriptor + 1, argv, cwd, log, environment);
  return std::move(pipe.read);
}

std::optional<std::string> read_line(const Fd& fd, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::string text;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd polled{fd.get(), POLLIN, 0};
    const int ready = poll(&polled, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (ready == 0 || (ready < 0 && errno != EINTR)) return std::nullopt;
    char letter = 0;
    const ssize_t got = ready < 0 ? -1 : read(fd.get(), &letter, 1);
    if (got == 0) return std::nullopt;
    if (got == 1 && letter == '\n') return text;
    if (got == 1) text += letter;
  }
}

}  // namespace quemsi
