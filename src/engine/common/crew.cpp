#include "engine/common/crew.hpp"

#include <thread>

#include "quemsi/error.hpp"

namespace quemsi {
namespace {

/// std::jthread, which not every standard library has.
class JoinedThreads {
 public:
  JoinedThreads() = default;
  ~JoinedThreads() {
    for (std::thread& thread : threads_) thread.join();
  }
  JoinedThreads(const JoinedThreads&) = delete;
  JoinedThreads& operator=(const JoinedThreads&) = delete;
  void start(std::function<void()> work) { threads_.emplace_back(std::move(work)); }

 private:
  std::vector<std::thread> threads_;
};

}  // namespace

void Crew::CrewProgress::check_cancelled() {
  outer_.check_cancelled();
  if (crew_.stopped()) throw Error(ErrorKind::cancelled, "another part of the work failed");
}

void Crew::guard(const std::function<void()>& work) noexcept {
  try {
    work();
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    stopped_ = true;
  }
}

void Crew::run(const std::vector<std::function<void()>>& works) {
  {
    JoinedThreads threads;
    for (std::size_t i = 1; i < works.size(); ++i) {
      threads.start([this, &work = works[i]] { guard(work); });
    }
    if (!works.empty()) guard(works.front());
  }
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace quemsi
