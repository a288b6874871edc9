#include "git/branch_keys.hpp"

#include <gmock/gmock.h>

#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const BranchKey first("kkkkllllmmmmnnnn");
const BranchKey second("zzzzyyyyxxxxwwww");

class BranchKeysTest : public GitTest {
 public:
  BranchKeysTest() { make_repository(repo()); }

  [[nodiscard]] std::map<std::string, BranchKey> keys() const {
    return open().branch_keys().by_branch;
  }
};

TEST_F(BranchKeysTest, AreNoneAtFirst) { EXPECT_THAT(keys(), IsEmpty()); }

TEST_F(BranchKeysTest, AreReadBackHoweverTheBranchIsCalled) {
  const std::vector<std::string> names{"#1",        "a.b.quemsi",  "back]slash[",
                                       "feature/x", "gr\xc3\xbcn", "it's",
                                       "main",      "quote\"d",    "with;semicolon"};
  Repository repository = open();
  for (const std::string& name : names)
    repository.set_branch_key(name, BranchKey("key of " + name));
  const std::map<std::string, BranchKey> found = keys();
  for (const std::string& name : names) {
    ASSERT_TRUE(found.contains(name)) << name;
    EXPECT_EQ(found.at(name).str(), "key of " + name);
  }
  EXPECT_EQ(found.size(), names.size());
}

TEST_F(BranchKeysTest, AreTheSameWhenGitHasToReadThem) {
  Repository repository = open();
  repository.set_branch_key("quote\"d.x", first);
  repository.set_branch_key("gr\xc3\xbcn", second);
  const std::map<std::string, BranchKey> by_file = keys();
  // A continued line is left to git.
  write_file(repo() / ".git" / "config",
             read_file(repo() / ".git" / "config") + "[alias]\n\tx = a \\\nb\n");
  EXPECT_EQ(keys(), by_file);
  EXPECT_EQ(by_file.size(), 2U);
}

TEST_F(BranchKeysTest, FollowARename) {
  Repository repository = open();
  repository.set_branch_key("main", first);
  run_git({"branch", "-m", "main", "trunk/now"});
  EXPECT_THAT(keys(), ElementsAre(Pair("trunk/now", first)));
}

TEST_F(BranchKeysTest, AreSharedAfterACopy) {
  Repository repository = open();
  repository.set_branch_key("main", first);
  run_git({"branch", "-c", "main", "copy"});
  EXPECT_THAT(keys(), ElementsAre(Pair("copy", first), Pair("main", first)));
}

TEST_F(BranchKeysTest, GoWithTheBranch) {
  Repository repository = open();
  run_git({"branch", "gone"});
  repository.set_branch_key("gone", first);
  repository.set_branch_key("main", second);
  run_git({"branch", "-D", "gone"});
  EXPECT_THAT(keys(), ElementsAre(Pair("main", second)));
}

TEST_F(BranchKeysTest, AreReplaced) {
  Repository repository = open();
  repository.set_branch_key("main", first);
  repository.set_branch_key("main", second);
  EXPECT_THAT(keys(), ElementsAre(Pair("main", second)));
}

TEST_F(BranchKeysTest, AreSharedByWorktrees) {
  run_git({"worktree", "add", "--quiet", "../linked", "-b", "side"});
  Repository linked = open(root() / "linked");
  linked.set_branch_key("side", first);
  EXPECT_THAT(keys(), ElementsAre(Pair("side", first)));
}

TEST_F(BranchKeysTest, AreNotTakenFromOtherFiles) {
  git_in(root(), {"config", "--global", "branch.main.quemsi", first.str()});
  EXPECT_THAT(keys(), IsEmpty());
}

TEST_F(BranchKeysTest, WaitForAnotherWriter) {
  Repository repository = open();
  const std::filesystem::path lock = repo() / ".git" / "config.lock";
  write_file(lock, "");
  EXPECT_THROW(repository.set_branch_key("main", first), Error);
  std::filesystem::remove(lock);
  repository.set_branch_key("main", first);
  EXPECT_THAT(keys(), ElementsAre(Pair("main", first)));
}

}  // namespace
}  // namespace quemsi::git_test
