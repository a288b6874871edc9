#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

class Exclude : public GitTest {
 public:
  Exclude() { make_repository(repo()); }
  [[nodiscard]] std::filesystem::path file() const { return repo() / ".git" / "info" / "exclude"; }
};

TEST_F(Exclude, AddsALineOnce) {
  write_file(file(), "*.o");
  for (int i = 0; i < 2; ++i) open().exclude("/local.yml");
  EXPECT_EQ(read_file(file()), "*.o\n/local.yml\n");
  write_file(repo() / "local.yml", "x");
  EXPECT_EQ(git({"status", "--porcelain"}), "");
}

TEST_F(Exclude, MakesTheFile) {
  std::filesystem::remove_all(file().parent_path());
  open().exclude("/local.yml");
  EXPECT_EQ(read_file(file()), "/local.yml\n");
}

TEST_F(Exclude, HoldsForAllWorktrees) {
  run_git({"worktree", "add", "--quiet", "../linked", "-b", "side"});
  open(root() / "linked").exclude("/local.yml");
  EXPECT_TRUE(read_file(file()).ends_with("/local.yml\n"));
}

}  // namespace
}  // namespace quemsi::git_test
