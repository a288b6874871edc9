// Every operation, struck at every call that changes something: by death, a torn
// write, a short one, an error, a full disk. Whatever happens, the next commands
// find a complete state and every row.
//
// Usually some calls are passed over; with QUEMSI_LONG_TESTS none is.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "faults/operations.hpp"
#include "faults/tally.hpp"

namespace quemsi::test {
namespace {

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all{
      {.name = "kill", .action = FAULT_KILL, .most = 5},
      {.name = "torn", .action = FAULT_TORN, .most = 1},
      {.name = "short", .action = FAULT_SHORT, .most = 1},
      {.name = "ENOSPC", .action = FAULT_FAIL_ON, .code = ENOSPC, .most = 2},
      {.name = "EDQUOT", .action = FAULT_FAIL, .code = EDQUOT, .most = 1},
      {.name = "EIO", .action = FAULT_FAIL, .code = EIO, .most = 2},
  };
  return all;
}

class Faults : public testing::TestWithParam<const Operation*> {
 protected:
  const Operation& operation() { return *GetParam(); }

  /// Runs the operation with the fault at call `at`; false when it was not reached.
  bool strike(const Fault& fault, std::int64_t at) {
    world_.reset();
    Bystander bystander = operation().arrange(world_);
    world_.injection().set(world_.user(), operation().verb, fault, at);
    const CommandResult result = world_.user().run(operation().command);
    Injection::clear(world_.user());
    require(!result.timed_out, "it does not end");
    said_ = result.out + result.err;
    return world_.injection().hit();
  }

  /// After a strike: whether the next commands found everything.
  bool survived(const Fault& fault, std::int64_t at) {
    const std::string what = world_.injection().what();
    const std::string found = problem_after(operation(), world_);
    if (found.empty()) return true;
    ADD_FAILURE() << operation().name << ", " << fault.name << " at call " << at << ": " << what
                  << "\n--- it said\n"
                  << said_ << "--- and then\n"
                  << found;
    return false;
  }

  /// Strikes some of so many calls, from the first to the last; how many those were.
  int strike_all(const Fault& fault, std::int64_t calls) {
    const std::int64_t step = Injection::step(calls, fault.most);
    // Operations have calls in common: they begin with different ones, not too near to the end.
    const auto name_size = static_cast<std::int64_t>(operation().name.size());
    std::int64_t at = 1 + 31 * name_size % std::max<std::int64_t>(1, 3 * step / 4);
    while (!strike(fault, at)) {
      // Fewer than were counted: another process has done a part before.
      if (at == 1) return 0;
      at = 1;
    }
    int cases = 0;
    do {
      ++cases;
      if (!survived(fault, at)) break;
      at += step;
    } while ((strikes_all() || at <= calls) && strike(fault, at));
    return cases;
  }

  World world_;
  std::string said_;
};

TEST_P(Faults, LeaveTheStateBeforeOrTheStateAfterAndEveryRow) {
  ASSERT_FALSE(strike(faults().front(), 0)) << "they are counted";
  std::vector<std::int64_t> calls;
  for (const Fault& fault : faults()) calls.push_back(world_.injection().calls(fault));
  ASSERT_EQ(problem_after(operation(), world_), "") << "unharmed";
  for (std::size_t i = 0; i < faults().size(); ++i) {
    const Fault& fault = faults()[i];
    const int cases = strike_all(fault, calls[i]);
    EXPECT_GT(cases, 0) << fault.name << " was never injected";
    tally(operation().name, fault.name, cases, HasFailure() ? 1 : 0);
    if (HasFailure()) return;
  }
}

std::vector<const Operation*> every_operation() {
  std::vector<const Operation*> all;
  for (const Operation& operation : operations()) all.push_back(&operation);
  return all;
}

INSTANTIATE_TEST_SUITE_P(In, Faults, testing::ValuesIn(every_operation()),
                         [](const auto& test) { return test.param->name; });

}  // namespace
}  // namespace quemsi::test
