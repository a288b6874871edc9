#include "catalogue/task_watch.hpp"

#include <algorithm>

#include "quemsi/error.hpp"

namespace quemsi {
namespace {

constexpr std::chrono::milliseconds between_looks{10};

}  // namespace

TaskWatch::TaskWatch(std::filesystem::path catalogue, std::int64_t task)
    : file_(std::move(catalogue)), task_(task) {}

void TaskWatch::check_cancelled() {
  // Whoever finds another thread looking has his answer at the next chunk.
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (lock && !is_wanted()) throw Error(ErrorKind::cancelled, "the image is needed elsewhere");
}

bool TaskWatch::is_wanted() {
  const auto now = std::chrono::steady_clock::now();
  if (!wanted_ || now - looked_ < between_looks) return wanted_;
  looked_ = now;
  if (!catalogue_) catalogue_ = std::make_unique<Catalogue>(file_);
  wanted_ =
      std::ranges::any_of(catalogue_->tasks(), [&](const Task& task) { return task.id == task_; });
  return wanted_;
}

}  // namespace quemsi
