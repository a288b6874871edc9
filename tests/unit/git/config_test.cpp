#include <gmock/gmock.h>

#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class ConfigTest : public GitTest {
 public:
  ConfigTest() { make_repository(repo()); }
};

TEST_F(ConfigTest, IsNoneWhenUnset) {
  EXPECT_FALSE(open().config().value("quemsi.warm"));
  EXPECT_TRUE(open().config().section("quemsi").empty());
}

TEST_F(ConfigTest, HoldsWhatIsWrittenToTheLetter) {
  Repository repository = open();
  for (const std::string value : {"plain", "  spaces  ", "-x", "", "a\nb", "q\"uote\\", "#;"}) {
    repository.set_local_config("quemsi.warm", value);
    EXPECT_EQ(repository.config().value("quemsi.warm"), value);
  }
  repository.unset_local_config("quemsi.warm");
  EXPECT_FALSE(repository.config().value("quemsi.warm"));
  repository.unset_local_config("quemsi.warm");
}

TEST_F(ConfigTest, IsCaseInsensitiveWhereGitIs) {
  Repository repository = open();
  repository.set_local_config("Quemsi.AllowHost", "db");
  EXPECT_EQ(repository.config().value("quemsi.allowhost"), "db");
  EXPECT_EQ(repository.config().value("QUEMSI.allowHost"), "db");
  repository.set_local_config("branch.A.x", "upper");
  EXPECT_FALSE(repository.config().value("branch.a.x"));
}

TEST_F(ConfigTest, HonoursIncludesHomeAndTheCommandLine) {
  write_file(home() / "more", "[quemsi]\n\tincluded = yes\n");
  git_in(root(), {"config", "--global", "include.path", "more"});
  git_in(root(), {"config", "--global", "quemsi.home", "yes"});
  run_git({"config", "quemsi.local", "yes"});
  set("GIT_CONFIG_PARAMETERS", "'quemsi.local'='overridden' 'quemsi.line'='yes'");
  EXPECT_EQ(open().config().value("quemsi.local"), "overridden");
  EXPECT_THAT(open().config().section("quemsi"),
              ElementsAre(Pair("home", "yes"), Pair("included", "yes"), Pair("line", "yes"),
                          Pair("local", "overridden")));
}

TEST_F(ConfigTest, SectionLeavesOutSubsectionsAndLookalikes) {
  run_git({"config", "quemsi.warm", "3"});
  run_git({"config", "quemsi.sub.warm", "4"});
  run_git({"config", "quemsix.warm", "5"});
  run_git({"config", "branch.main.quemsi", "6"});
  EXPECT_THAT(open().config().section("quemsi"), ElementsAre(Pair("warm", "3")));
}

TEST_F(ConfigTest, TheLastOfManyWinsAndAllAreReplaced) {
  run_git({"config", "--add", "quemsi.warm", "1"});
  run_git({"config", "--add", "quemsi.warm", "2"});
  Repository repository = open();
  EXPECT_EQ(repository.config().value("quemsi.warm"), "2");
  repository.set_local_config("quemsi.warm", "3");
  EXPECT_EQ(git({"config", "--get-all", "quemsi.warm"}), "3");
}

TEST_F(ConfigTest, AKeyWithoutValueIsTrue) {
  write_file(repo() / ".git" / "config",
             read_file(repo() / ".git" / "config") + "[quemsi]\n\tbare\n\tempty =\n");
  EXPECT_EQ(open().config().value("quemsi.bare"), "true");
  EXPECT_EQ(open().config().value("quemsi.empty"), "");
}

TEST_F(ConfigTest, AWorktreesOwnFileCounts) {
  run_git({"worktree", "add", "--quiet", "../linked", "-b", "side"});
  run_git({"config", "extensions.worktreeConfig", "true"});
  git_in(root() / "linked", {"config", "--worktree", "quemsi.warm", "7"});
  EXPECT_EQ(open(root() / "linked").config().value("quemsi.warm"), "7");
  EXPECT_FALSE(open().config().value("quemsi.warm"));
}

TEST_F(ConfigTest, ReportsADamagedFileWithGitsWords) {
  const Repository repository = open();
  write_file(home() / ".gitconfig", "[user\nname = x\n");
  try {
    static_cast<void>(repository.config().value("quemsi.warm"));
    FAIL() << "a damaged file was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.causes(), testing::Contains(HasSubstr(".gitconfig")));
  }
}

}  // namespace
}  // namespace quemsi::git_test
