// A few threads at one piece of work: when one fails, the others stop at their next chunk.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

#include "quemsi/progress.hpp"

namespace quemsi {

class Crew {
 public:
  explicit Crew(Progress& progress) : progress_(*this, progress) {}

  /// Each in a thread of its own, the first in the caller's. Returns when all have ended; throws
  /// what the first to fail threw.
  void run(const std::vector<std::function<void()>>& works);
  [[nodiscard]] bool stopped() const { return stopped_; }
  /// For the works: the caller's, and cancels when one has failed.
  [[nodiscard]] Progress& progress() { return progress_; }

 private:
  class CrewProgress final : public Progress {
   public:
    CrewProgress(Crew& crew, Progress& outer) : crew_(crew), outer_(outer) {}
    void begin(std::string_view what, std::uint64_t total) override { outer_.begin(what, total); }
    void advance(std::uint64_t bytes) override { outer_.advance(bytes); }
    void end() override { outer_.end(); }
    void check_cancelled() override;

   private:
    Crew& crew_;
    Progress& outer_;
  };

  void guard(const std::function<void()>& work) noexcept;

  CrewProgress progress_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace quemsi
