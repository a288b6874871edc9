// How work in the background learns that its task was taken away.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>

#include "quemsi/catalogue.hpp"
#include "quemsi/progress.hpp"

namespace quemsi {

/// Cancels once nobody wants the task any more. Thread-safe: it looks through a connection of its
/// own, since a Catalogue is one thread's.
class TaskWatch final : public Progress {
 public:
  /// `catalogue`: the file.
  TaskWatch(std::filesystem::path catalogue, std::int64_t task);

  void begin(std::string_view /*what*/, std::uint64_t /*total*/) override {}
  void advance(std::uint64_t /*bytes*/) override {}
  void end() override {}
  void check_cancelled() override;

 private:
  [[nodiscard]] bool is_wanted();

  std::filesystem::path file_;
  std::int64_t task_;
  std::mutex mutex_;  ///< for the rest
  std::unique_ptr<Catalogue> catalogue_;
  std::chrono::steady_clock::time_point looked_;
  bool wanted_ = true;
};

}  // namespace quemsi
