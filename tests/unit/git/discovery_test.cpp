#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/location.hpp"
#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

namespace fs = std::filesystem;

/// Plain files and git must agree on where the repository is.
void expect_both_find(const fs::path& start, const Location& expected) {
  const SearchResult files = search_by_files(fs::canonical(start));
  EXPECT_EQ(files.finding, Finding::repository) << start;
  const std::optional<Location> git = search_by_git(start);
  ASSERT_TRUE(git);
  for (const Location& found : {files.location, *git}) {
    EXPECT_EQ(found.top, expected.top);
    EXPECT_EQ(found.git_dir, expected.git_dir);
    EXPECT_EQ(found.common_dir, expected.common_dir);
  }
}

/// Plain files leave it to git, which finds it.
void expect_git_finds(const fs::path& start, const Location& expected) {
  EXPECT_EQ(search_by_files(fs::canonical(start)).finding, Finding::unclear) << start;
  const std::optional<Location> found = locate(start);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->top, expected.top);
  EXPECT_EQ(found->git_dir, expected.git_dir);
  EXPECT_EQ(found->common_dir, expected.common_dir);
}

class Discovery : public GitTest {
 public:
  Discovery() { make_repository(repo()); }

  [[nodiscard]] Location plain() const { return {repo(), repo() / ".git", repo() / ".git"}; }
};

TEST_F(Discovery, FindsTheRepositoryFromItsTopAndFromBelow) {
  fs::create_directories(repo() / "a" / "b c");
  expect_both_find(repo(), plain());
  expect_both_find(repo() / "a" / "b c", plain());
  EXPECT_EQ(open().worktree().str(), "main");
  EXPECT_FALSE(open().is_linked_worktree());
}

TEST_F(Discovery, FindsTheRealPathBehindASymbolicLink) {
  fs::create_directories(repo() / "below");
  fs::create_directory_symlink(repo() / "below", root() / "link");
  expect_both_find(root() / "link", plain());
  const ScopedCwd cwd(root() / "link");
  EXPECT_EQ(open(".").top(), repo());
}

TEST_F(Discovery, FindsNothingOutsideARepository) {
  fs::create_directories(root() / "elsewhere");
  EXPECT_EQ(search_by_files(root() / "elsewhere").finding, Finding::nothing);
  EXPECT_FALSE(search_by_git(root() / "elsewhere"));
  EXPECT_FALSE(Repository::discover(root() / "elsewhere"));
}

TEST_F(Discovery, SaysWhenTheFolderDoesNotExist) {
  EXPECT_THROW(Repository::discover(root() / "nowhere"), Error);
}

TEST_F(Discovery, FindsLinkedWorktrees) {
  run_git({"worktree", "add", "--quiet", "../linked tree", "-b", "side"});
  const Location expected{root() / "linked tree", repo() / ".git" / "worktrees" / "linked tree",
                          repo() / ".git"};
  const fs::path git_dir = open(root() / "linked tree").git_dir();
  expect_both_find(root() / "linked tree", {expected.top, git_dir, expected.common_dir});
  EXPECT_EQ(git_dir.parent_path(), repo() / ".git" / "worktrees");
  EXPECT_EQ(open(expected.top).worktree().str(), git_dir.filename());
  EXPECT_TRUE(open(expected.top).is_linked_worktree());
}

TEST_F(Discovery, TellsALinkedWorktreeCalledMainFromTheMainOne) {
  run_git({"worktree", "add", "--quiet", "../main", "-b", "side"});
  EXPECT_EQ(open(root() / "main").git_dir().filename(), "main");
  EXPECT_NE(open(root() / "main").worktree(), open().worktree());
}

TEST_F(Discovery, FindsTheWorktreeOfABareRepository) {
  git_in(root(), {"clone", "--quiet", "--bare", "repo", "bare.git"});
  git_in(root() / "bare.git", {"worktree", "add", "--quiet", "../tree", "-b", "side"});
  expect_git_finds(root() / "tree", {root() / "tree", root() / "bare.git" / "worktrees" / "tree",
                                     root() / "bare.git"});
}

TEST_F(Discovery, RefusesABareRepository) {
  git_in(root(), {"clone", "--quiet", "--bare", "repo", "bare.git"});
  try {
    Repository::discover(root() / "bare.git");
    FAIL() << "a bare repository was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_THAT(error.what(), testing::HasSubstr("bare"));
  }
}

TEST_F(Discovery, RefusesTheInsideOfAGitDir) {
  try {
    Repository::discover(repo() / ".git" / "refs");
    FAIL() << "a git dir was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::user);
    EXPECT_THAT(error.what(), testing::HasSubstr("not in a worktree"));
  }
}

TEST_F(Discovery, FindsSubmodules) {
  make_repository(root() / "library");
  run_git({"submodule", "--quiet", "add", "../library", "lib"});
  expect_git_finds(repo() / "lib", {repo() / "lib", repo() / ".git" / "modules" / "lib",
                                    repo() / ".git" / "modules" / "lib"});
  EXPECT_EQ(open(repo() / "lib").worktree().str(), "main");
}

TEST_F(Discovery, FindsASeparateGitDir) {
  git_in(root(), {"init", "--quiet", "--separate-git-dir", "store", "apart"});
  expect_both_find(root() / "apart", {root() / "apart", root() / "store", root() / "store"});
}

TEST_F(Discovery, HonoursCoreWorktree) {
  fs::create_directories(root() / "files");
  run_git({"config", "core.worktree", (root() / "files").string()});
  const SearchResult files = search_by_files(repo());
  EXPECT_EQ(files.finding, Finding::unclear);
}

TEST_F(Discovery, HonoursGitDirAndWorkTree) {
  make_repository(root() / "other");
  fs::create_directories(root() / "files");
  set("GIT_DIR", (root() / "other" / ".git").string());
  set("GIT_WORK_TREE", (root() / "files").string());
  expect_git_finds(repo(),
                   {root() / "files", root() / "other" / ".git", root() / "other" / ".git"});
}

TEST_F(Discovery, HonoursARelativeGitDir) {
  make_repository(root() / "other");
  set("GIT_DIR", "other/.git");
  set("GIT_WORK_TREE", "other");
  const ScopedCwd cwd(root());
  expect_git_finds(repo(),
                   {root() / "other", root() / "other" / ".git", root() / "other" / ".git"});
}

TEST_F(Discovery, NeedsNoProcessForTheGitDirOfAHook) {
  run_git({"worktree", "add", "--quiet", "../linked", "-b", "side"});
  const fs::path git_dir = repo() / ".git" / "worktrees" / "linked";
  set("GIT_DIR", git_dir.string());
  set("GIT_INDEX_FILE", (git_dir / "index").string());
  expect_both_find(root() / "linked", {root() / "linked", git_dir, repo() / ".git"});
}

TEST_F(Discovery, BelievesGitWhenGitDirNamesAnotherRepository) {
  make_repository(root() / "other");
  set("GIT_DIR", (root() / "other" / ".git").string());
  expect_git_finds(repo(), {repo(), root() / "other" / ".git", root() / "other" / ".git"});
}

TEST_F(Discovery, ReportsAGitFileThatLeadsNowhere) {
  write_file(root() / "broken" / ".git", "gitdir: ../gone\n");
  try {
    Repository::discover(root() / "broken");
    FAIL() << "a broken .git file was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_THAT(error.causes(), testing::Contains(testing::HasSubstr("gone")));
  }
}

TEST_F(Discovery, ReportsAFormatThatGitRefuses) {
  run_git({"config", "core.repositoryFormatVersion", "1"});
  run_git({"config", "extensions.fromTheFuture", "true"});
  EXPECT_EQ(search_by_files(repo()).finding, Finding::unclear);
  try {
    Repository::discover(repo());
    FAIL() << "an unknown extension was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.causes(), testing::Contains(testing::HasSubstr("fromthefuture")));
  }
}

TEST_F(Discovery, LooksIntoANestedRepositoryFirst) {
  make_repository(repo() / "vendor" / "inner");
  const Location inner{repo() / "vendor" / "inner", repo() / "vendor" / "inner" / ".git",
                       repo() / "vendor" / "inner" / ".git"};
  expect_both_find(inner.top, inner);
}

TEST_F(Discovery, HonoursCeilingDirectories) {
  fs::create_directories(repo() / "below");
  set("GIT_CEILING_DIRECTORIES", repo().string());
  EXPECT_FALSE(Repository::discover(repo() / "below"));
}

/// As root we give the folder away; as anybody else we cannot, and / is not ours.
TEST_F(Discovery, LeavesSomebodyElsesRepositoryToGit) {
  if (geteuid() == 0) {
    ASSERT_EQ(chown((repo() / ".git").c_str(), 12345, 12345), 0);
    ASSERT_EQ(chown(repo().c_str(), 12345, 12345), 0);
    EXPECT_EQ(search_by_files(repo()).finding, Finding::unclear);
    EXPECT_THROW(Repository::discover(repo()), Error);
    git_in(root(), {"config", "--global", "--add", "safe.directory", repo().string()});
  }
  EXPECT_EQ(open().top(), repo());
}

}  // namespace
}  // namespace quemsi::git_test
