#include "engine/sqlite_client.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

#include "util/process.hpp"

namespace quemsi::test {
namespace {

constexpr const char* sentinel = "-- that was all --";

struct Pipe {
  Fd read;
  Fd write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

std::string sqlite_shell(const std::filesystem::path& file, const std::string& sql) {
  const ProcessResult result = run_process({.argv = {"sqlite3", "-batch", "-bail", file.string()},
                                            .cwd = {},
                                            .input = sql + "\n",
                                            .environment = {}});
  if (result.exit_code != 0 || !result.err.empty()) {
    throw std::runtime_error("sqlite3: " + result.err + result.out);
  }
  return result.out;
}

std::string sqlite_dump(const std::filesystem::path& file) { return sqlite_shell(file, ".dump"); }

SqliteShell::SqliteShell(const std::filesystem::path& file) {
  Pipe to_child = make_pipe();
  Pipe from_child = make_pipe();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    dup2(to_child.read.get(), 0);
    dup2(from_child.write.get(), 1);
    dup2(from_child.write.get(), 2);
    execlp("sqlite3", "sqlite3", "-batch", file.c_str(), nullptr);
    _exit(127);
  }
  in_ = std::move(to_child.write);
  out_ = std::move(from_child.read);
  run("SELECT count(*) FROM sqlite_master;");
}

SqliteShell::~SqliteShell() { kill(); }

std::string SqliteShell::run(const std::string& sql) {
  const std::string text = sql + ";\n.print " + sentinel + "\n";
  if (write(in_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("the sqlite3 shell is gone");
  }
  std::string answer;
  const std::string end = std::string(sentinel) + "\n";
  std::array<char, 4096> buffer{};
  while (!answer.ends_with(end)) {
    const ssize_t got = read(out_.get(), buffer.data(), buffer.size());
    if (got <= 0) throw std::runtime_error("the sqlite3 shell ended: " + answer);
    answer.append(buffer.data(), static_cast<std::size_t>(got));
  }
  answer.resize(answer.size() - end.size());
  return answer;
}

void SqliteShell::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void SqliteShell::close() {
  if (pid_ < 0) return;
  in_ = Fd();
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string SqliteShell::process_name() const {
  return "sqlite3 (pid " + std::to_string(pid_) + ")";
}

}  // namespace quemsi::test
