// Plain files, libgit2 and the git command must not contradict each other.
#include "git/backend.hpp"

#include <gmock/gmock.h>

#include "git/cli_backend.hpp"
#include "git/file_refs.hpp"
#include "git/library_backend.hpp"
#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

class Backends : public GitTest {
 public:
  Backends() {
    make_repository(repo());
    commit(repo(), "file", "second\n");
    run_git({"branch", "feature/x.y"});
    run_git({"branch", "gr\xc3\xbcn"});
    run_git({"tag", "light"});
    run_git({"tag", "--annotate", "--message", "heavy", "heavy", "HEAD~1"});
    run_git({"tag", "--message", "a tree", "tree", "HEAD^{tree}"});
    run_git({"branch", "both", "HEAD~1"});
    run_git({"tag", "both", "HEAD"});
  }

  [[nodiscard]] std::unique_ptr<GitBackend> library() const {
    return open_library_backend(*locate(repo()), QUEMSI_MODULE_DIR);
  }
  [[nodiscard]] CliBackend command() const { return CliBackend(GitCommand(*locate(repo()))); }
  [[nodiscard]] FileRefs files() const { return FileRefs(*locate(repo())); }
};

/// What files and libgit2 answer, the git command answers as well.
void expect_agreement(const FileRefs& files, GitBackend& library, CliBackend command) {
  ASSERT_TRUE(files.head());
  EXPECT_EQ(files.head()->branch, command.head().branch);
  EXPECT_EQ(files.head()->commit, command.head().commit);
  for (const char* branch : {"main", "feature/x.y", "feature", "gr\xc3\xbcn", "light", "none",
                             "../heads/main", "a..b", "", "main/", "-x", "HEAD", "/main"}) {
    const bool exists = command.branch_exists(branch);
    EXPECT_EQ(files.branch_exists(branch).value_or(exists), exists) << branch;
  }
  for (const char* revision : {"HEAD", "@", "HEAD~1", "main^", "main^0~1", "main~1^{commit}",
                               "heavy", "light", "both", "heads/both", "feature/x.y", "//main",
                               ":/change", "HEAD^{/change}", "@{0}", "main:file", "tree"}) {
    const std::optional<CommitId> commit = library.resolve_commit(revision);
    if (commit) {
      EXPECT_EQ(commit, command.resolve_commit(revision)) << revision;
    }
  }
}

TEST_F(Backends, AgreeOnABranch) { expect_agreement(files(), *library(), command()); }

TEST_F(Backends, AgreeOnADetachedHeadWithPackedRefs) {
  run_git({"checkout", "--quiet", "--detach", "HEAD~1"});
  run_git({"pack-refs", "--all"});
  expect_agreement(files(), *library(), command());
}

TEST_F(Backends, ResolveRevisionsAsGitDoes) {
  CliBackend command = this->command();
  const std::unique_ptr<GitBackend> library = this->library();
  for (GitBackend* backend : {static_cast<GitBackend*>(&command), library.get()}) {
    EXPECT_EQ(backend->resolve_commit("heavy"), id_of("HEAD~1"));
    EXPECT_EQ(backend->resolve_commit("both"), id_of("HEAD"));
    EXPECT_EQ(backend->resolve_commit(id_of("HEAD~1")->str()), id_of("HEAD~1"));
    EXPECT_EQ(backend->resolve_commit("main~1"), id_of("HEAD~1"));
    EXPECT_FALSE(backend->resolve_commit("tree"));
    EXPECT_FALSE(backend->resolve_commit("HEAD:file"));
  }
}

TEST_F(Backends, FindNoCommitInWhatNamesNone) {
  const Repository repository = open();
  for (const char* text :
       {"", "none", "HEAD~9", "-h", "--all", "^HEAD", "main..HEAD", "tree", "HEAD:file",
        "kkkkllllmmmmnnnn", "a b", "HEAD\nmain", "0123456789012345678901234567890123456789"}) {
    EXPECT_FALSE(repository.resolve_commit(text)) << text;
  }
}

TEST_F(Backends, LibraryIsUsedForTheExtensionsThatChangeNothing) {
  run_git({"config", "core.repositoryFormatVersion", "1"});
  run_git({"config", "extensions.worktreeConfig", "true"});
  run_git({"config", "extensions.preciousObjects", "true"});
  run_git({"config", "extensions.partialClone", "origin"});
  const std::unique_ptr<GitBackend> library = this->library();
  ASSERT_TRUE(library);
  EXPECT_EQ(library->resolve_commit("main"), id_of("main"));
}

TEST_F(Backends, LibraryIsNotUsedWhereItMisreads) {
  make_repository(root() / "sha256", {"--object-format=sha256"});
  EXPECT_FALSE(open_library_backend(*locate(root() / "sha256"), QUEMSI_MODULE_DIR));
  set("GIT_OBJECT_DIRECTORY", (repo() / ".git" / "objects").string());
  EXPECT_FALSE(library());
}

TEST_F(Backends, LibraryOpensLinkedWorktrees) {
  run_git({"worktree", "add", "--quiet", "../linked", "-b", "side"});
  commit(root() / "linked", "file", "side\n");
  const auto library = open_library_backend(*locate(root() / "linked"), QUEMSI_MODULE_DIR);
  ASSERT_TRUE(library);
  EXPECT_EQ(library->resolve_commit("HEAD"), id_of("HEAD", root() / "linked"));
}

TEST_F(Backends, TheGitCommandServesWhenTheModuleIsMissing) {
  EXPECT_FALSE(open_library_backend(*locate(repo()), root() / "no modules"));
  const std::optional<Repository> repository = Repository::discover(repo(), root() / "no modules");
  EXPECT_EQ(repository->resolve_commit("heavy"), id_of("HEAD~1"));
  EXPECT_FALSE(repository->resolve_commit("none"));
}

TEST_F(Backends, SeeObjectsAddedAfterTheyWereOpened) {
  const Repository repository = open();
  EXPECT_FALSE(repository.resolve_commit("later"));
  run_git({"branch", "later"});
  commit(repo(), "file", "third\n");
  EXPECT_TRUE(repository.resolve_commit("later"));
  EXPECT_EQ(repository.resolve_commit("main"), id_of("HEAD"));
}

TEST_F(Backends, BranchesExistOrNot) {
  const Repository repository = open();
  EXPECT_TRUE(repository.branch_exists("feature/x.y"));
  EXPECT_TRUE(repository.branch_exists("gr\xc3\xbcn"));
  for (const char* name : {"feature", "light", "", "../heads/main", "a..b", "main\n", "/main"}) {
    EXPECT_FALSE(repository.branch_exists(name)) << name;
  }
  run_git({"pack-refs", "--all"});
  EXPECT_TRUE(repository.branch_exists("feature/x.y"));
  EXPECT_FALSE(repository.branch_exists("x.y"));
}

TEST_F(Backends, AskTheEnvironmentsOwnRepositoryOnly) {
  make_repository(root() / "other");
  const Repository repository = open();
  const std::optional<CommitId> expected = id_of("HEAD~1");
  set("GIT_DIR", (root() / "other" / ".git").string());
  set("GIT_WORK_TREE", (root() / "other").string());
  EXPECT_EQ(repository.resolve_commit("HEAD~1"), expected);
  EXPECT_TRUE(repository.branch_exists("main"));
}

TEST_F(Backends, AskGitForReftable) {
  // git 2.39 cannot make one: what counts is that the stub is not believed.
  write_file(repo() / ".git" / "HEAD", "ref: refs/heads/.invalid\n");
  EXPECT_FALSE(files().head());
  EXPECT_FALSE(files().branch_exists("main"));
  EXPECT_FALSE(files().are_files());
  write_file(repo() / ".git" / "config",
             "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefstorage = reftable\n");
  EXPECT_FALSE(open_library_backend({repo(), repo() / ".git", repo() / ".git"}, QUEMSI_MODULE_DIR));
  const SearchResult found = search_by_files(repo());
  EXPECT_EQ(found.finding, Finding::repository);
}

TEST_F(Backends, WorkInAPartialClone) {
  run_git({"config", "uploadpack.allowFilter", "true"});
  git_in(root(), {"clone", "--quiet", "--filter=blob:none", "file://" + repo().string(), "part"});
  const Repository part = open(root() / "part");
  EXPECT_EQ(part.resolve_commit("HEAD~1"), id_of("HEAD~1"));
  EXPECT_TRUE(open_library_backend(*locate(root() / "part"), QUEMSI_MODULE_DIR));
  EXPECT_EQ(part.head().branch, "main");
}

}  // namespace
}  // namespace quemsi::git_test
