// One fault, planned for the commands that run while it is set.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "faults/plan.h"
#include "support/long_tests.hpp"
#include "support/sandbox.hpp"

namespace quemsi::test {

struct Fault {
  std::string name;
  fault_action action;
  int code = 0;
  std::int64_t most = 1;  ///< calls that a usual run strikes, about
};

/// Another path of that object, without the spaces at which LD_PRELOAD ends. Lasts as long as the
/// process.
std::string preloadable(const std::filesystem::path& object);

/// Mapped by the driver and by every process that it starts.
class Injection {
 public:
  explicit Injection(const std::filesystem::path& folder);
  ~Injection();
  Injection(const Injection&) = delete;
  Injection& operator=(const Injection&) = delete;

  /// From now on `user`'s commands run with the fault at call `at` of `verb` (0: only counted).
  void set(Sandbox& user, const std::string& verb, const Fault& fault, std::int64_t at);
  static void clear(Sandbox& user);

  [[nodiscard]] std::int64_t calls() const { return plan_->calls; }
  /// Of the calls of the last run, whatever that was set for: those that `fault` could have hit.
  [[nodiscard]] std::int64_t calls(const Fault& fault) const {
    return plan_->having[fault_hits(fault.action, fault.code)];
  }
  /// From one call to the next that is struck, when some `most` of those just counted are to be.
  [[nodiscard]] std::int64_t step(std::int64_t most) const { return step(calls(), most); }
  [[nodiscard]] static std::int64_t step(std::int64_t calls, std::int64_t most);
  [[nodiscard]] bool hit() const { return plan_->hits > 0; }
  /// The call that was hit first, and its file.
  [[nodiscard]] std::string what() const { return plan_->what; }

 private:
  std::filesystem::path file_;
  fault_plan* plan_;
};

}  // namespace quemsi::test
