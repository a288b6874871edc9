#include "engine/postgresql/builder.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <set>
#include <span>

#include "engine/common/crew.hpp"
#include "engine/postgresql/build_plan.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// Steps that may go on side by side, handed out so that none meets another at a table, and those
/// of one table keep their order.
class StepQueue {
 public:
  StepQueue(std::span<const BuildStep> steps, const Crew& crew) : crew_(crew) {
    for (const BuildStep& step : steps) waiting_.push_back(&step);
  }

  /// Waits for one; none when all have been handed out, or the work was stopped.
  const BuildStep* take() {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (waiting_.empty() || crew_.stopped()) return nullptr;
      if (const BuildStep* step = take_free()) return step;
      // Looks up now and then: a failure elsewhere is told to nobody.
      changed_.wait_for(lock, std::chrono::milliseconds(100));
    }
  }

  /// Until its end, done or failed, a step has its tables for itself.
  class Lease {
   public:
    Lease(StepQueue& queue, const BuildStep& step) : queue_(queue), step_(step) {}
    ~Lease() { queue_.give_back(step_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

   private:
    StepQueue& queue_;
    const BuildStep& step_;
  };

 private:
  void give_back(const BuildStep& step) {
    const std::lock_guard lock(mutex_);
    for (const std::string& table : step.tables) busy_.erase(table);
    changed_.notify_all();
  }

  const BuildStep* take_free() {
    std::set<std::string> blocked = busy_;
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
      const BuildStep* step = *it;
      const bool free = std::ranges::none_of(
          step->tables, [&](const std::string& table) { return blocked.contains(table); });
      blocked.insert(step->tables.begin(), step->tables.end());
      if (!free) continue;
      waiting_.erase(it);
      busy_.insert(step->tables.begin(), step->tables.end());
      return step;
    }
    return nullptr;
  }

  const Crew& crew_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<const BuildStep*> waiting_;
  std::set<std::string> busy_;
};

void run_step(const BuildStep& step, BuildSession& session, Progress& progress) {
  for (const ScriptItem* item : step.items) session.run(*item, progress);
}

void run_side_by_side(std::span<const BuildStep> steps, std::vector<BuildSession>& sessions,
                      Progress& progress) {
  Crew crew(progress);
  StepQueue queue(steps, crew);
  std::vector<std::function<void()>> works;
  works.reserve(sessions.size());
  for (BuildSession& session : sessions) {
    works.emplace_back([&] {
      while (const BuildStep* step = queue.take()) {
        const StepQueue::Lease lease(queue, *step);
        run_step(*step, session, crew.progress());
      }
    });
  }
  crew.run(works);
}

}  // namespace

void build(const Script& script, std::vector<BuildSession>& sessions, Progress& progress) {
  const std::vector<BuildStep> steps = plan_build(script);
  for (std::size_t i = 0; i < steps.size();) {
    std::size_t end = i;
    while (end < steps.size() && !steps[end].tables.empty()) ++end;
    if (end == i) {
      run_step(steps[i++], sessions.front(), progress);
    } else {
      run_side_by_side(std::span(steps).subspan(i, end - i), sessions, progress);
      i = end;
    }
  }
}

}  // namespace quemsi::postgresql_engine
