#include "engine/mysql_trap.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <string_view>

namespace quemsi::mysql_engine::test {
namespace {

Trap trap;

bool starts_with_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text.starts_with(word)) return true;
  }
  return false;
}

bool changes_something(std::string_view packet) {
  constexpr std::size_t header = 5;
  if (packet.size() <= header || packet[4] != 3) return false;
  const std::string_view sql = packet.substr(header);
  if (starts_with_one_of(sql, {"CREATE", "create", "DROP", "RENAME", "ALTER", "KILL"})) return true;
  return trap.rows_too && starts_with_one_of(sql, {"LOCK", "UNLOCK", "LOAD", "INSERT", "DO "});
}

/// True when the process is to end at this one.
bool strikes() { return trap.at >= 0 && trap.seen++ == trap.at; }

void before_file() {
  if (trap.files_too && strikes()) raise(SIGKILL);
}

}  // namespace

bool killed_at(const Trap& wanted, const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    trap = wanted;
    try {
      work();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      _exit(1);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
  return WIFSIGNALED(status);
}

}  // namespace quemsi::mysql_engine::test

using namespace quemsi::mysql_engine::test;  // NOLINT(google-build-using-namespace): C functions

// In place of the system's, for the client library of this process and for what it calls.
extern "C" ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  const bool struck =
      trap.at >= 0 && changes_something({static_cast<const char*>(bytes), size}) && strikes();
  if (struck && !trap.after_sending) raise(SIGKILL);
  const ssize_t sent = syscall(SYS_sendto, socket, bytes, size, flags, nullptr, 0);
  if (struck) raise(SIGKILL);
  return sent;
}

extern "C" int rename(const char* from, const char* to) noexcept {
  before_file();
  return static_cast<int>(syscall(SYS_rename, from, to));
}

extern "C" int unlink(const char* path) noexcept {
  before_file();
  return static_cast<int>(syscall(SYS_unlink, path));
}
