// The same work on many items, by several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace quemsi {

/// Calls `work(i)` for every i below `count`, in about that order. The first
/// exception ends it, and is thrown.
template <class Work>
void for_each_in_parallel(std::size_t count, const Work& work) {
  constexpr std::size_t most_threads = 4;
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto serve = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  {
    const std::size_t cores = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
    std::vector<std::jthread> helpers(std::min({cores, most_threads, count}));
    if (!helpers.empty()) helpers.pop_back();
    for (std::jthread& helper : helpers) helper = std::jthread(serve);
    serve();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace quemsi
