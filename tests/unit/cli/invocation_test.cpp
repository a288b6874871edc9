#include "cli/invocation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quemsi::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string usage_error(const std::vector<std::string>& words) {
  try {
    read_invocation(words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "(none)";
}

TEST(Invocation, FindsTheVerbAndLeavesTheRest) {
  const Invocation found = read_invocation({"restore", "--yes", "seed"});
  EXPECT_EQ(found.entry->name, "restore");
  EXPECT_THAT(found.words, ElementsAre("--yes", "seed"));
}

TEST(Invocation, AVerbMayHaveTwoWords) {
  EXPECT_EQ(read_invocation({"temp", "drop", "x"}).entry->name, "temp drop");
  EXPECT_THAT(read_invocation({"backup", "create", "--tag"}).words, ElementsAre("--tag"));
}

TEST(Invocation, SettingsStandBeforeTheVerb) {
  const Invocation found = read_invocation({"--config", "warm=3", "--config=a.b=c=d", "status"});
  EXPECT_EQ(found.flags.at("warm"), "3");
  EXPECT_EQ(found.flags.at("a.b"), "c=d");
  EXPECT_THAT(usage_error({"--config", "warm", "status"}), HasSubstr("KEY=VALUE"));
  EXPECT_THAT(usage_error({"--config"}), HasSubstr("wants a value"));
}

TEST(Invocation, AnUnknownVerbNamesTheNearest) {
  EXPECT_THAT(usage_error({"resotre"}), HasSubstr("did you mean\n    restore"));
  EXPECT_EQ(usage_error({"qqqqqqqq"}), "'qqqqqqqq' is not a git quemsi command");
  EXPECT_THAT(usage_error({"temp"}), HasSubstr("temp list\n    temp drop"));
  EXPECT_THAT(usage_error({"temp", "lst"}), HasSubstr("'temp lst' is not"));
  EXPECT_EQ(usage_error({"--frobnicate"}), "unknown option '--frobnicate'");
}

}  // namespace
}  // namespace quemsi::cli
