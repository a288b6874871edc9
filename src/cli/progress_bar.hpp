// Progress for a person who waits: nothing for work that is over at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "quemsi/progress.hpp"

namespace quemsi::cli {

struct ProgressSurroundings {
  std::function<std::chrono::steady_clock::time_point()> clock = std::chrono::steady_clock::now;
  std::function<void(std::string_view)> write;  ///< to stderr
  bool terminal = false;                        ///< draw a bar; else a line for each long phase
  std::size_t width = 80;
  std::function<void()> check_cancelled;  ///< throws when the work is to stop; may be empty
};

/// Thread-safe.
class ProgressBar : public Progress {
 public:
  explicit ProgressBar(ProgressSurroundings surroundings);
  ~ProgressBar() override;
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void begin(std::string_view what, std::uint64_t total) override;
  void advance(std::uint64_t bytes) override;
  void end() override;
  void check_cancelled() override;

 private:
  using Instant = std::chrono::steady_clock::time_point;
  // All with the lock held.
  void draw(Instant now);
  void erase();
  void finish_phase();
  [[nodiscard]] double seconds(Instant now) const;

  ProgressSurroundings surroundings_;
  std::mutex mutex_;
  std::string what_;
  std::uint64_t total_ = 0;
  std::uint64_t done_ = 0;
  Instant started_;
  Instant drawn_;
  bool running_ = false;
  bool shown_ = false;
};

}  // namespace quemsi::cli
