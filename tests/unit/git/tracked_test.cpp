#include <gtest/gtest.h>

#include "git/index_search.hpp"
#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

namespace fs = std::filesystem;

class Tracked : public GitTest {
 public:
  Tracked() {
    make_repository(repo());
    fs::create_directory(repo() / "data");
    for (const char* file : {"app.db-old", "data/app.db", "data/[x]*.db", "x.db"}) {
      write_file(repo() / file, "x");
    }
    run_git({"add", "app.db-old", "data"});
  }

  void expect_what_is_tracked() const {
    const Repository repository = open();
    EXPECT_TRUE(repository.is_tracked("data/app.db"));
    EXPECT_TRUE(repository.is_tracked("data/[x]*.db"));
    // Within names that are tracked.
    EXPECT_FALSE(repository.is_tracked("app.db"));
    EXPECT_FALSE(repository.is_tracked("data/x.db"));
    EXPECT_FALSE(repository.is_tracked("x.db"));
    EXPECT_FALSE(repository.is_tracked("data/*.db"));
  }
  [[nodiscard]] bool may_be_there(const std::string& path) const {
    return may_be_in_index(repo() / ".git", path);
  }
};

TEST_F(Tracked, IsWhatTheIndexHolds) {
  expect_what_is_tracked();
  EXPECT_TRUE(may_be_there("data/app.db"));
  EXPECT_FALSE(may_be_there("x.db"));
}

TEST_F(Tracked, IsFoundFromAFolderBelowToo) {
  EXPECT_TRUE(open(repo() / "data").is_tracked("data/app.db"));
  EXPECT_FALSE(open(repo() / "data").is_tracked("app.db"));
}

TEST_F(Tracked, IsAskedOfGitWhereTheIndexAbbreviatesPaths) {
  run_git({"update-index", "--index-version", "4"});
  EXPECT_TRUE(may_be_there("x.db"));
  expect_what_is_tracked();
}

TEST_F(Tracked, IsAskedOfGitWhereTheIndexIsSplit) {
  run_git({"update-index", "--split-index"});
  EXPECT_TRUE(may_be_there("x.db"));
  expect_what_is_tracked();
}

TEST_F(Tracked, IsNothingWithoutAnIndex) {
  fs::remove(repo() / ".git" / "index");
  EXPECT_FALSE(open().is_tracked("data/app.db"));
}

TEST_F(Tracked, IsEachWorktreesOwn) {
  run_git({"commit", "--quiet", "-m", "Databases"});
  run_git({"worktree", "add", "--quiet", "../linked", "-b", "side"});
  run_git({"rm", "--quiet", "--cached", "data/app.db"});
  EXPECT_FALSE(open().is_tracked("data/app.db"));
  EXPECT_TRUE(open(root() / "linked").is_tracked("data/app.db"));
}

}  // namespace
}  // namespace quemsi::git_test
