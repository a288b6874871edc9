#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

namespace fs = std::filesystem;

class HeadTest : public GitTest {
 public:
  HeadTest() { make_repository(repo()); }

  void expect_branch(const std::string& name) const {
    const Head head = open().head();
    EXPECT_EQ(head.branch, name);
    ASSERT_TRUE(head.commit);
    EXPECT_EQ(head.commit, id_of("HEAD"));
  }
};

TEST_F(HeadTest, NamesTheBranchAndItsCommit) { expect_branch("main"); }

TEST_F(HeadTest, NamesBranchesHoweverTheyAreCalled) {
  for (const std::string name : {"feature/a/b", "v1.2", "quote\"d", "it's",
                                 "gr\xc3\xbc\xc3\x9f"
                                 "e",
                                 "a@b", "#1", "(x)&y", "HEADS", "refs/heads/x"}) {
    run_git({"switch", "--quiet", "--create", name});
    expect_branch(name);
    run_git({"pack-refs", "--all"});
    expect_branch(name);
  }
}

TEST_F(HeadTest, ReadsPackedRefs) {
  run_git({"branch", "main2"});
  run_git({"tag", "--annotate", "--message", "t", "tag"});
  run_git({"pack-refs", "--all"});
  ASSERT_FALSE(fs::exists(repo() / ".git" / "refs" / "heads" / "main"));
  expect_branch("main");
}

TEST_F(HeadTest, PrefersALooseRefToAPackedOne) {
  run_git({"pack-refs", "--all"});
  commit(repo(), "file", "second\n");
  expect_branch("main");
}

TEST_F(HeadTest, ReadsAPackedRefBesideAFolderOfItsName) {
  run_git({"pack-refs", "--all"});
  fs::create_directories(repo() / ".git" / "refs" / "heads" / "main");
  expect_branch("main");
}

TEST_F(HeadTest, HasNoBranchWhenDetached) {
  run_git({"checkout", "--quiet", "--detach"});
  const Head head = open().head();
  EXPECT_FALSE(head.branch);
  EXPECT_EQ(head.commit, id_of("HEAD"));
}

TEST_F(HeadTest, HasNoCommitWhenUnborn) {
  git_in(root(), {"init", "--quiet", "empty"});
  EXPECT_EQ(open(root() / "empty").head().branch, "main");
  EXPECT_FALSE(open(root() / "empty").head().commit);
  run_git({"switch", "--quiet", "--orphan", "new/start"});
  EXPECT_EQ(open().head().branch, "new/start");
  EXPECT_FALSE(open().head().commit);
}

TEST_F(HeadTest, FollowsASymbolicBranch) {
  run_git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  run_git({"symbolic-ref", "HEAD", "refs/heads/alias"});
  expect_branch("main");
}

TEST_F(HeadTest, TakesARefThatIsNoBranchForADetachedHead) {
  run_git({"update-ref", "refs/elsewhere/x", "HEAD"});
  run_git({"symbolic-ref", "HEAD", "refs/elsewhere/x"});
  const Head head = open().head();
  EXPECT_FALSE(head.branch);
  EXPECT_EQ(head.commit, id_of("refs/elsewhere/x"));
}

TEST_F(HeadTest, ReadsAHeadThatIsALink) {
  fs::remove(repo() / ".git" / "HEAD");
  fs::create_symlink("refs/heads/main", repo() / ".git" / "HEAD");
  expect_branch("main");
}

TEST_F(HeadTest, IsThatOfTheWorktree) {
  run_git({"worktree", "add", "--quiet", "../linked", "-b", "side"});
  commit(root() / "linked", "file", "side\n");
  const Head head = open(root() / "linked").head();
  EXPECT_EQ(head.branch, "side");
  EXPECT_EQ(head.commit, id_of("HEAD", root() / "linked"));
  expect_branch("main");
}

TEST_F(HeadTest, IsThatOfTheSubmodule) {
  make_repository(root() / "library");
  run_git({"submodule", "--quiet", "add", "../library", "lib"});
  git_in(repo() / "lib", {"checkout", "--quiet", "--detach"});
  EXPECT_FALSE(open(repo() / "lib").head().branch);
  expect_branch("main");
}

TEST_F(HeadTest, ReadsASha256Repository) {
  make_repository(root() / "sha256", {"--object-format=sha256"});
  const Repository found = open(root() / "sha256");
  EXPECT_EQ(found.head().branch, "main");
  EXPECT_EQ(found.head().commit->str().size(), 64U);
  EXPECT_EQ(found.resolve_commit("main"), found.head().commit);
  EXPECT_TRUE(found.branch_exists("main"));
}

TEST_F(HeadTest, ChangesWithTheRepository) {
  const Repository found = open();
  EXPECT_EQ(found.head().branch, "main");
  run_git({"switch", "--quiet", "--create", "next"});
  EXPECT_EQ(found.head().branch, "next");
}

}  // namespace
}  // namespace quemsi::git_test
