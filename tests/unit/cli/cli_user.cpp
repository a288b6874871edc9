#include "unit/cli/cli_user.hpp"

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "support/sqlite_cli.hpp"

namespace quemsi::test {
namespace {

Words with_words(Words front, const Words& rest) {
  front.insert(front.end(), rest.begin(), rest.end());
  return front;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> raw;
  raw.reserve(words.size() + 1);
  for (std::string& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  return raw;
}

/// Reads on until `text` holds `end`; to the end of all when that never comes.
void read_until(const Fd& terminal, const std::string& end, std::string& text) {
  std::array<char, 4096> buffer{};
  while (end.empty() || text.find(end) == std::string::npos) {
    const ssize_t count = read(terminal.get(), buffer.data(), buffer.size());
    if (count <= 0) return;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

int exit_code_of(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

CliUser::CliUser() : box_({.bin_dir = QUEMSI_BIN_DIR}) {
  std::filesystem::create_directories(box_.top() / "db");
  sqlite(box_.top() / "db/app.db", "create table t (x text); insert into t values ('first')");
  box_.set("TERM", "xterm");
}

CommandResult CliUser::quemsi(const Words& words) const {
  return box_.run(with_words({"git-quemsi"}, words));
}

CommandResult CliUser::git(const Words& words) const {
  return box_.run(with_words({"git"}, words));
}

CommandResult CliUser::bash(const std::string& script) const {
  return box_.run({"bash", "--norc", "--noprofile", "-c", script});
}

void CliUser::prepare(const std::string& script) const {
  const CommandResult result = bash(script);
  if (result.exit_code != 0) throw std::runtime_error(result.err);
}

CommandResult CliUser::on_terminal(const Words& words, const std::string& input) const {
  CommandRequest request = box_.request(with_words({"env", "-C", box_.top(), "git-quemsi"}, words));
  // Everything is made ready before the fork: the child only calls exec.
  std::vector<std::string> environment;
  for (const auto& [name, value] : request.environment) environment.push_back(name + "=" + value);
  const std::vector<char*> argv = pointers(request.argv);
  const std::vector<char*> envp = pointers(environment);
  const winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  int master = -1;
  const pid_t pid = forkpty(&master, nullptr, nullptr, &size);
  if (pid == 0) {
    execvpe(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  const Fd terminal(master);
  CommandResult result;
  read_until(terminal, "[y/N] ", result.out);
  if (write(master, input.data(), input.size()) < 0) throw std::runtime_error("cannot type");
  read_until(terminal, "", result.out);
  result.exit_code = exit_code_of(pid);
  return result;
}

void CliUser::set_up() const {
  const CommandResult result = quemsi({"init", "--url", "sqlite:db/app.db"});
  if (result.exit_code != 0) throw std::runtime_error(result.err);
}

void CliUser::add_row(const std::string& text) const {
  sqlite(box_.top() / "db/app.db", "insert into t values ('" + text + "')");
}

std::string CliUser::rows() const {
  const std::string text = sqlite(box_.top() / "db/app.db", "select group_concat(x, ',') from t");
  return text.substr(0, text.find('\n'));
}

}  // namespace quemsi::test
