#include "config/descriptors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/project.hpp"

namespace quemsi::config {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

std::vector<std::uint64_t> numbers(const Config& config) {
  return {config.follow ? 1U : 0U, config.warm, config.parked_budget,
          static_cast<std::uint64_t>(config.busy_timeout.count())};
}

TEST(Descriptors, DefaultsInTheTableAreThoseOfConfig) {
  Config config;
  config.follow = false;
  config.warm = 99;
  config.parked_budget = 99;
  config.busy_timeout = std::chrono::milliseconds(99);
  for (const Descriptor& row : descriptors()) {
    EXPECT_TRUE(row.set(config, row.default_text)) << row.key;
  }
  EXPECT_EQ(numbers(config), numbers(Config{}));
}

TEST(Descriptors, NamesInGitAndEnvironmentFollowFromTheKey) {
  const Descriptor& row = *find_descriptor("follow.branches");
  EXPECT_EQ(environment_name(row), "QUEMSI_FOLLOW_BRANCHES");
  EXPECT_EQ(git_name(row), "followBranches");
  EXPECT_EQ(git_name(*find_descriptor("parked_budget")), "parkedBudget");
}

TEST(Descriptors, AGroupIsNoSetting) {
  EXPECT_TRUE(is_group("follow"));
  EXPECT_FALSE(is_group("follow.branches"));
  EXPECT_EQ(find_descriptor("follow"), nullptr);
}

TEST(Descriptors, UnknownKeysAreToldTheNearestElseAll) {
  EXPECT_THAT(unknown_key_hints("databses"), ElementsAre("did you mean 'databases'?"));
  EXPECT_THAT(unknown_key_hints("follow_branches"), ElementsAre("did you mean 'follow.branches'?"));
  EXPECT_THAT(unknown_key_hints("colour"), ElementsAre(StartsWith("the keys are: databases, ")));
}

struct Value {
  const char* key;
  const char* text;
  bool valid;
  std::uint64_t meaning;  ///< as `numbers` tells it
};

class DescriptorValue : public testing::TestWithParam<Value> {};

TEST_P(DescriptorValue, IsReadOrRefused) {
  const Value& value = GetParam();
  Config config;
  const bool accepted = find_descriptor(value.key)->set(config, value.text);
  ASSERT_EQ(accepted, value.valid);
  if (!accepted) {
    EXPECT_EQ(numbers(config), numbers(Config{})) << "a refused value changes nothing";
  } else if (std::string_view(value.key) != "version") {
    EXPECT_THAT(numbers(config), testing::Contains(value.meaning));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, DescriptorValue,
    testing::Values(
        Value{"version", "1", true, 1}, Value{"version", "2", false, 0},
        Value{"version", "", false, 0}, Value{"version", "1.0", false, 0},
        Value{"follow.branches", "NO", true, 0}, Value{"follow.branches", "off", true, 0},
        Value{"follow.branches", "0", true, 0}, Value{"follow.branches", "yes", true, 1},
        Value{"follow.branches", "maybe", false, 0}, Value{"follow.branches", "", false, 0},
        Value{"warm", "0", true, 0}, Value{"warm", "100", true, 100},
        Value{"warm", "101", false, 0}, Value{"warm", "-1", false, 0},
        Value{"warm", "+1", false, 0}, Value{"warm", "2x", false, 0}, Value{"warm", "", false, 0},
        Value{"warm", " 2", false, 0}, Value{"warm", "99999999999999999999999", false, 0},
        Value{"parked_budget", "0", true, 0}, Value{"parked_budget", "512MB", true, 536870912},
        Value{"parked_budget", "1 GiB", true, 1073741824}, Value{"parked_budget", "10", true, 10},
        Value{"parked_budget", "lots", false, 0}, Value{"parked_budget", "-1GB", false, 0},
        Value{"parked_budget", "999999999TB", false, 0}, Value{"busy_timeout", "0", true, 0},
        Value{"busy_timeout", "7", true, 7000}, Value{"busy_timeout", "7s", true, 7000},
        Value{"busy_timeout", "500ms", true, 500}, Value{"busy_timeout", "500 MS", true, 500},
        Value{"busy_timeout", "2m", true, 120000}, Value{"busy_timeout", "60m", true, 3600000},
        Value{"busy_timeout", "61m", false, 0}, Value{"busy_timeout", "3601", false, 0},
        Value{"busy_timeout", "-5", false, 0}, Value{"busy_timeout", "5h", false, 0},
        Value{"busy_timeout", "", false, 0}, Value{"busy_timeout", "ms", false, 0},
        Value{"busy_timeout", "1.5s", false, 0},
        Value{"busy_timeout", "18446744073709551615m", false, 0}));

}  // namespace
}  // namespace quemsi::config
