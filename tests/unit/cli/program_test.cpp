// What needs no database: usage, help, versions, and being called by other names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/cli/cli_user.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;

class Program : public testing::Test {
 protected:
  CliUser user_;
};

TEST_F(Program, UsageErrorsExitWith129) {
  for (const Words& words : std::vector<Words>{{},
                                               {"resotre"},
                                               {"temp"},
                                               {"--frobnicate"},
                                               {"restore", "--frobnicate"},
                                               {"restore", "a", "b"},
                                               {"restore", "--to", "x", "--temp"},
                                               {"restore", "--replace"},
                                               {"install", "--chain", "--force"},
                                               {"list", "-n", "many"},
                                               {"list", "--kind", "odd"},
                                               {"show"},
                                               {"describe", "x"},
                                               {"status", "--json", "--porcelain"},
                                               {"status", "--config", "nonsense"}}) {
    const CommandResult result = user_.quemsi(words);
    EXPECT_EQ(result.exit_code, 129) << testing::PrintToString(words) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.err, "");
  }
}

TEST_F(Program, AnUnknownVerbNamesTheNearest) {
  EXPECT_THAT(user_.quemsi({"resotre"}).err, HasSubstr("did you mean\n    restore"));
}

TEST_F(Program, EveryVerbExplainsItself) {
  for (const char* verb : {"init", "restore", "status", "list", "undo"}) {
    const CommandResult result = user_.quemsi({verb, "-h"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, HasSubstr("usage: git quemsi " + std::string(verb)));
    EXPECT_THAT(result.out, HasSubstr("example:"));
    EXPECT_EQ(user_.quemsi({"help", verb}).out, result.out);
    EXPECT_EQ(user_.quemsi({verb, "--help"}).out, result.out);
  }
}

TEST_F(Program, IsAGitCommandAndHasAShortName) {
  const std::string version = user_.quemsi({"version"}).out;
  EXPECT_THAT(version, HasSubstr("git-quemsi version "));
  EXPECT_EQ(user_.git({"quemsi", "version"}).out, version);
  EXPECT_EQ(user_.bash("quemsi --version").out, version);
}

TEST_F(Program, OutsideARepositoryItSaysSo) {
  const CommandResult result = user_.bash("cd / && git-quemsi list");
  EXPECT_EQ(result.exit_code, 128);
  EXPECT_THAT(result.err, HasSubstr("error: "));
}

TEST_F(Program, BeforeInitItNamesInit) {
  const CommandResult result = user_.quemsi({"list", "--json"});
  EXPECT_EQ(result.exit_code, 128);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("hint: git quemsi init\n"));
}

TEST_F(Program, AFullDiskAtStandardOutputIsAnError) {
  const CommandResult result = user_.bash("git-quemsi version > /dev/full");
  EXPECT_EQ(result.exit_code, 128);
  EXPECT_THAT(result.err, HasSubstr("cannot write to standard output"));
}

}  // namespace
}  // namespace quemsi::test
