// Every operation, struck at every call that changes something: by death, a torn
// write, a short one, an error, a full disk. Whatever happens, the next commands
// find a complete state and every row.
//
// By default some faults strike only some calls; QUEMSI_FAULTS=long strikes all.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "faults/operations.hpp"
#include "faults/tally.hpp"

namespace quemsi::test {
namespace {

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all{
      {.name = "kill", .action = FAULT_KILL, .step = 5},
      {.name = "torn", .action = FAULT_TORN, .step = 13},
      {.name = "short", .action = FAULT_SHORT, .step = 19},
      {.name = "ENOSPC", .action = FAULT_FAIL_ON, .code = ENOSPC, .step = 11},
      {.name = "EDQUOT", .action = FAULT_FAIL, .code = EDQUOT, .step = 29},
      {.name = "EIO", .action = FAULT_FAIL, .code = EIO, .step = 11},
  };
  return all;
}

struct Case {
  const Operation* operation;
  const Fault* fault;
};

class Faults : public testing::TestWithParam<Case> {
 protected:
  const Operation& operation() { return *GetParam().operation; }
  const Fault& fault() { return *GetParam().fault; }

  /// Runs the operation with the fault at call `at`; false when it was not reached.
  bool strike(std::int64_t at) {
    world_.reset();
    Bystander bystander = operation().arrange(world_);
    world_.injection().set(world_.user(), operation().verb, fault(), at);
    const CommandResult result = world_.user().run(operation().command);
    Injection::clear(world_.user());
    require(!result.timed_out, "it does not end");
    said_ = result.out + result.err;
    return world_.injection().hit();
  }

  World world_;
  std::string said_;
};

TEST_P(Faults, LeaveTheStateBeforeOrTheStateAfterAndEveryRow) {
  constexpr int most_failures = 3;
  const std::int64_t step = strikes_all() ? 1 : fault().step;
  // Operations have calls in common: they begin with different ones.
  const auto name_size = static_cast<std::int64_t>(operation().name.size());
  const std::int64_t first = 1 + name_size % std::min<std::int64_t>(step, 3);
  int cases = 0;
  int failed = 0;
  for (std::int64_t at = first; failed < most_failures && strike(at); at += step) {
    ++cases;
    const std::string what = world_.injection().what();
    const std::string found = problem_after(operation(), world_);
    if (found.empty()) continue;
    ++failed;
    ADD_FAILURE() << operation().name << ", " << fault().name << " at call " << at << ": " << what
                  << "\n--- it said\n"
                  << said_ << "--- and then\n"
                  << found;
  }
  tally(operation().name, fault().name, cases, failed);
  EXPECT_GT(cases, 0) << "the fault was never injected";
  if (failed == 0) {
    EXPECT_EQ(problem_after(operation(), world_), "")
        << "after the operation went through unharmed";
  }
}

std::vector<Case> every_case() {
  std::vector<Case> cases;
  for (const Operation& operation : operations()) {
    for (const Fault& fault : faults()) cases.push_back({&operation, &fault});
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(In, Faults, testing::ValuesIn(every_case()), [](const auto& test) {
  return test.param.operation->name + "_" + test.param.fault->name;
});

}  // namespace
}  // namespace quemsi::test
