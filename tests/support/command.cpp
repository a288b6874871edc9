#include "support/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ostream>
#include <stdexcept>
#include <system_error>

namespace quemsi::test {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// posix_spawnp would look in our own PATH.
std::string find_program(const std::string& name, const std::map<std::string, std::string>& env) {
  if (name.find('/') != std::string::npos) return name;
  const auto path = env.find("PATH");
  std::string folders = path == env.end() ? "/usr/bin:/bin" : path->second;
  while (!folders.empty()) {
    const std::size_t colon = std::min(folders.find(':'), folders.size());
    const std::string candidate = folders.substr(0, colon) + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
    folders.erase(0, colon + 1);
  }
  throw std::runtime_error("no program " + name + " in PATH");
}

struct Ends {
  Fd ours;
  Fd theirs;
};

Ends make_pipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) fail("pipe2");
  return {Fd(fds[0]), Fd(fds[1])};
}

/// A socket, so that writing to a program that is gone is an error and no signal.
Ends make_conversation() {
  std::array<int, 2> fds{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0) fail("socketpair");
  return {Fd(fds[0]), Fd(fds[1])};
}

Fd file_with(const std::string& text) {
  Fd file(memfd_create("stdin", MFD_CLOEXEC));
  if (!file) fail("memfd_create");
  write_all(file, std::as_bytes(std::span(text.data(), text.size())), "stdin");
  if (lseek(file.get(), 0, SEEK_SET) != 0) fail("lseek");
  return file;
}

pid_t spawn(const CommandRequest& request, const Fd& in, const Fd& out, const Fd& err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.get(), STDERR_FILENO);
  if (!request.cwd.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, request.cwd.c_str());
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> argv = request.argv;
  std::vector<std::string> variables;
  for (const auto& [name, value] : request.environment) variables.push_back(name + "=" + value);
  const std::string program = find_program(request.argv.at(0), request.environment);
  pid_t pid = -1;
  const int code = posix_spawn(&pid, program.c_str(), &actions, &attributes,
                               pointers_to(argv).data(), pointers_to(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  errno = code;
  if (code != 0) fail("posix_spawn " + program);
  return pid;
}

/// False at the end, which closes it.
bool append_available(Fd& fd, std::string& text) {
  std::array<char, 16384> buffer{};
  const ssize_t size = read(fd.get(), buffer.data(), buffer.size());
  if (size < 0 && errno == EINTR) return true;
  if (size <= 0) {
    fd = Fd();
    return false;
  }
  text.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const CommandResult& result) {
  return stream << "exit code " << result.exit_code << (result.timed_out ? " (timed out)" : "")
                << "\n--- stdout\n"
                << result.out << "--- stderr\n"
                << result.err << "---\n";
}

RunningCommand::RunningCommand(const CommandRequest& request, Input input) {
  Ends conversation;
  if (input == Input::piped) {
    conversation = make_conversation();
  } else {
    conversation.theirs = file_with(request.input);
  }
  Ends out = make_pipe();
  Ends err = make_pipe();
  pid_ = spawn(request, conversation.theirs, out.theirs, err.theirs);
  input_ = std::move(conversation.ours);
  out_ = std::move(out.ours);
  err_ = std::move(err.ours);
}

RunningCommand::~RunningCommand() {
  if (pid_ < 0) return;
  kill_group();
  wait_for_exit();
}

void RunningCommand::say(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t sent = send(input_.get(), text.data() + done, text.size() - done, MSG_NOSIGNAL);
    if (sent < 0) fail("writing to a program's stdin");
    done += static_cast<std::size_t>(sent);
  }
}

/// Waits for either stream; false when both are at their end, or at the deadline.
bool RunningCommand::read_some(Deadline deadline) {
  if (!out_ && !err_) return false;
  std::array<pollfd, 2> polled{{{out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}}};
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  if (left <= 0) return false;
  if (poll(polled.data(), polled.size(), static_cast<int>(left)) <= 0) return errno == EINTR;
  if (polled[0].revents != 0) append_available(out_, out_text_);
  if (polled[1].revents != 0) append_available(err_, err_text_);
  return true;
}

std::optional<std::string> RunningCommand::read_line(std::chrono::milliseconds limit) {
  const Deadline deadline = Clock::now() + limit;
  std::size_t end = out_text_.find('\n');
  while (end == std::string::npos && out_ && read_some(deadline)) end = out_text_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = out_text_.substr(0, end);
  out_text_.erase(0, end + 1);
  return line;
}

bool RunningCommand::wait_for_error(const std::string& text, std::chrono::milliseconds limit) {
  const Deadline deadline = Clock::now() + limit;
  while (err_text_.find(text) == std::string::npos) {
    if (!err_ || !read_some(deadline)) return false;
  }
  return true;
}

void RunningCommand::send_signal(int signal) const {
  if (pid_ > 0) kill(pid_, signal);
}

void RunningCommand::kill_group() const { kill(-pid_, SIGKILL); }

int RunningCommand::wait_for_exit() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) fail("waitpid");
  }
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

CommandResult RunningCommand::finish(std::chrono::milliseconds limit) {
  const Deadline deadline = Clock::now() + limit;
  while (read_some(deadline)) {
  }
  CommandResult result;
  result.timed_out = out_ || err_;
  if (result.timed_out) kill_group();
  input_ = Fd();
  result.exit_code = wait_for_exit();
  result.out = std::move(out_text_);
  result.err = std::move(err_text_);
  return result;
}

CommandResult run_command(const CommandRequest& request) {
  return RunningCommand(request).finish(request.limit);
}

}  // namespace quemsi::test
