// The bash completion, sourced in bash and called as git's completion calls it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/cli/cli_user.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class BashCompletion : public testing::Test {
 protected:
  BashCompletion() { user_.set_up(); }

  /// `words`: bash array elements, the last one being unfinished. Each reply in brackets.
  std::string replies(const std::string& words, const std::string& function = "_git_quemsi") {
    const std::string script = std::string("source '") + QUEMSI_SOURCE_DIR +
                               "/src/cli/completions/git-quemsi.bash'\n"
                               "words=(" +
                               words +
                               ")\n"
                               "COMP_WORDS=(\"${words[@]}\")\n"
                               "cword=$(( ${#words[@]} - 1 )) COMP_CWORD=$cword\n"
                               "cur=\"${words[cword]}\"\n" +
                               function + "\nprintf '[%s]' \"${COMPREPLY[@]}\"\n";
    const CommandResult result = user_.bash(script);
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.err, "");
    return result.out;
  }

  CliUser user_;
};

TEST_F(BashCompletion, CompletesVerbs) {
  EXPECT_EQ(replies("git quemsi sta"), "[status ]");
  EXPECT_EQ(replies("git quemsi te"), "[temp ]");
  EXPECT_EQ(replies("git quemsi temp ''"), "[drop ][list ]");
}

TEST_F(BashCompletion, CompletesOptions) {
  EXPECT_EQ(replies("git quemsi restore --dr"), "[--dry-run ]");
  EXPECT_THAT(replies("git quemsi list -"), HasSubstr("[--branch ]"));
}

TEST_F(BashCompletion, CompletesSnapshotsWithBlanksInTheirNames) {
  ASSERT_EQ(user_.quemsi({"snapshot", "my seed"}).exit_code, 0);
  EXPECT_EQ(replies("git quemsi restore my"), "[my\\ seed ]");
  EXPECT_EQ(replies("git quemsi restore 'my\\ s'"), "[my\\ seed ]");
  EXPECT_EQ(replies("git quemsi restore '\"my s'"), "[my seed]");
  EXPECT_THAT(replies("git quemsi show ''"), HasSubstr("[latest ]"));
}

TEST_F(BashCompletion, CompletesValuesOfOptions) {
  EXPECT_EQ(replies("git quemsi list --kind ma"), "[manual ]");
  EXPECT_EQ(replies("git quemsi restore --database ''"), "[app ]");
}

TEST_F(BashCompletion, WorksForTheShortName) {
  EXPECT_EQ(replies("quemsi sta", "_quemsi"), "[status ]");
}

TEST_F(BashCompletion, FindsTheVerbBehindGitsOptions) {
  EXPECT_EQ(replies("git -C . quemsi sta"), "[status ]");
}

TEST_F(BashCompletion, SaysNothingWhereNothingIsKnown) {
  EXPECT_THAT(replies("git quemsi snapshot -m ''"), Not(HasSubstr("[m")));
}

}  // namespace
}  // namespace quemsi::test
