#include "cli/signals.hpp"

#include <poll.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "quemsi/error.hpp"

namespace quemsi::cli {
namespace {

// A handler can reach nothing but a static object.
std::atomic<int> caught = 0;
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void remember_signal(int number) { caught.store(number, std::memory_order_relaxed); }

}  // namespace

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = remember_signal;
  // SA_RESETHAND: the second one finds the default action. No SA_RESTART: a question that waits
  // for its answer is to be interrupted.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

int caught_signal() noexcept { return caught.load(std::memory_order_relaxed); }

void throw_if_signalled() {
  if (caught_signal() != 0) throw Error(ErrorKind::cancelled, "stopped");
}

void wait_for_input(int descriptor) {
  sigset_t stopping;
  sigset_t before;
  sigemptyset(&stopping);
  sigaddset(&stopping, SIGINT);
  sigaddset(&stopping, SIGTERM);
  // Between the look at the flag and the wait no signal may slip in: ppoll lets them through.
  pthread_sigmask(SIG_BLOCK, &stopping, &before);
  pollfd input{.fd = descriptor, .events = POLLIN, .revents = 0};
  while (caught_signal() == 0 && ppoll(&input, 1, nullptr, &before) < 0 && errno == EINTR) {
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  throw_if_signalled();
}

}  // namespace quemsi::cli
