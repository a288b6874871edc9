// A hook never makes git fail and says little.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/cli/cli_user.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string zero(40, '0');

class Hook : public testing::Test {
 protected:
  CliUser user_;
};

TEST_F(Hook, IsSilentWhereNothingIsConfigured) {
  const CommandResult result = user_.quemsi({"hook", "post-checkout", zero, zero, "1"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST_F(Hook, FollowsTheBranchAndSaysSoInOneLine) {
  user_.set_up();
  ASSERT_EQ(user_.git({"switch", "-q", "-c", "feature"}).exit_code, 0);
  user_.add_row("on feature");
  const CommandResult result = user_.git({"switch", "-q", "main"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(user_.rows(), "first");
  EXPECT_THAT(result.err, testing::StartsWith("quemsi: "));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  ASSERT_EQ(user_.git({"switch", "-q", "feature"}).exit_code, 0);
  EXPECT_EQ(user_.rows(), "first,on feature");
}

TEST_F(Hook, NeverFailsWhateverIsWrong) {
  user_.set_up();
  user_.prepare("echo '[broken' > .quemsi.yml");
  const CommandResult result = user_.git({"switch", "-q", "-c", "feature"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, testing::StartsWith("quemsi: "));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
}

TEST_F(Hook, OutsideARepositoryItStillSucceeds) {
  const CommandResult result =
      user_.bash("cd / && git-quemsi hook post-checkout " + zero + " " + zero + " 1");
  EXPECT_EQ(result.exit_code, 0);
}

TEST_F(Hook, UnknownHooksAndOddArgumentsAreNothingToDo) {
  user_.set_up();
  for (const Words& words : std::vector<Words>{{"hook"},
                                               {"hook", "post-frobnicate"},
                                               {"hook", "post-checkout"},
                                               {"hook", "post-checkout", zero, zero, "0"}}) {
    const CommandResult result = user_.quemsi(words);
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.out + result.err, "");
  }
}

TEST_F(Hook, SkipsWhenToldTo) {
  user_.set_up();
  ASSERT_EQ(user_.git({"switch", "-q", "-c", "feature"}).exit_code, 0);
  user_.add_row("on feature");
  ASSERT_EQ(user_.bash("GIT_QUEMSI_SKIP=1 git switch -q main").exit_code, 0);
  EXPECT_EQ(user_.rows(), "first,on feature");
}

TEST_F(Hook, DoesNotCallItself) {
  user_.set_up();
  ASSERT_EQ(user_.git({"switch", "-q", "-c", "feature"}).exit_code, 0);
  user_.add_row("on feature");
  ASSERT_EQ(user_.bash("GIT_QUEMSI_IN_HOOK=1 git switch -q main").exit_code, 0);
  EXPECT_EQ(user_.rows(), "first,on feature");
}

TEST_F(Hook, TimesItsStepsWhenToldTo) {
  user_.set_up();
  const Words words{"hook", "post-checkout", zero, zero, "1"};
  EXPECT_THAT(user_.quemsi(words).err, Not(HasSubstr("trace")));
  user_.set("GIT_QUEMSI_TRACE", "1");
  EXPECT_THAT(user_.quemsi(words).err, HasSubstr("ms follow the branch\n"));
}

}  // namespace
}  // namespace quemsi::test
