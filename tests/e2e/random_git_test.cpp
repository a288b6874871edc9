// Random operations against a model. QUEMSI_SEED repeats a run, QUEMSI_STEPS makes it
// longer or shorter.
#include "e2e/random_git.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "support/long_tests.hpp"

namespace quemsi::test {
namespace {

constexpr std::size_t steps_a_world = 150;

unsigned long number(const char* variable, unsigned long otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoul(text, nullptr, 10) : otherwise;
}

bool fails(const std::vector<Step>& steps, bool sabotage) {
  return RandomGit(QUEMSI_BIN_DIR, sabotage).run(steps).has_value();
}

TEST(RandomGit, LeavesEveryBranchItsDatabase) {
  const auto seed = static_cast<unsigned>(number("QUEMSI_SEED", std::random_device{}()));
  const std::size_t worlds =
      (number("QUEMSI_STEPS", strikes_all() ? 2100 : 400) + steps_a_world - 1) / steps_a_world;
  for (unsigned i = 0; i < worlds; ++i) {
    const std::vector<Step> steps = random_steps(seed + i, steps_a_world);
    const auto wrong = RandomGit(QUEMSI_BIN_DIR, false).run(steps);
    if (!wrong) continue;
    const std::vector<Step> fewer =
        shortest_failing(steps, [](const std::vector<Step>& each) { return fails(each, false); });
    FAIL() << "QUEMSI_SEED=" << seed + i << " QUEMSI_STEPS=" << steps_a_world << "\n"
           << *wrong << "\nThe shortest sequence that fails:\n"
           << describe(fewer) << RandomGit(QUEMSI_BIN_DIR, false).run(fewer).value_or("");
  }
}

/// Steps that leave a database on the wrong branch when the hook does not always run.
std::vector<Step> steps_that_need_the_hook() {
  constexpr unsigned most_seeds = 20;
  for (unsigned seed = 1; seed <= most_seeds; ++seed) {
    std::vector<Step> steps = random_steps(seed, 40);
    if (fails(steps, true)) return steps;
  }
  return {};
}

TEST(RandomGit, FindsAHookThatDidNotRunAndTheShortestWayThere) {
  const std::vector<Step> steps = steps_that_need_the_hook();
  ASSERT_FALSE(steps.empty());
  const std::vector<Step> fewer =
      shortest_failing(steps, [](const std::vector<Step>& each) { return fails(each, true); });
  EXPECT_LE(fewer.size(), 4U) << describe(fewer);
  EXPECT_FALSE(fails(fewer, false));
}

}  // namespace
}  // namespace quemsi::test
