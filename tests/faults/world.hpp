// A repository with two databases that is prepared once and copied for every
// fault, and what must be true of it after any of them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "faults/injection.hpp"
#include "support/sandbox.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {

/// What both databases hold.
struct State {
  std::string app;
  std::string jobs;
  bool operator==(const State&) const = default;
};

/// Throws std::runtime_error.
void require(bool condition, const std::string& what);

/// HEAD is on main, whose databases have unsaved changes; feature has a state of
/// its own; the snapshot "first" has another; everything else is sealed.
class World {
 public:
  World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// A fresh copy of what was prepared.
  void reset();
  [[nodiscard]] Sandbox& user() { return user_; }
  [[nodiscard]] Injection& injection() { return injection_; }
  [[nodiscard]] std::filesystem::path app() const { return user_.top() / "app.db"; }
  [[nodiscard]] std::filesystem::path jobs() const { return user_.top() / "jobs.db"; }

  /// Both databases, sound and at one moment.
  [[nodiscard]] State live() const;
  /// Runs the background work here and now, until there is none.
  void finish_background() const;

  // Each throws std::runtime_error when it is not so.
  void require_live(const std::vector<State>& legal) const;
  void require_branch(const std::string& branch, const State& state) const;
  void require_snapshot(const std::string& snapshot, const State& state) const;
  /// Journal and queue are empty, every byte of the store is right, every parked
  /// copy is known, nothing half made lies about.
  void require_order() const;

  State main;
  State feature;
  State first;

 private:
  void prepare();

  TempDir folder_;
  Sandbox user_;
  Injection injection_;
};

}  // namespace quemsi::test
