// husky, lefthook and pre-commit, really installed, beside our hooks and instead of them.
#include <cstdlib>

#include "e2e/commits_fixture.hpp"

namespace quemsi::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class HookManagers : public CommitsTest {
 protected:
  void SetUp() override {
    user.set("PATH",
             std::string(QUEMSI_BIN_DIR) + ":" + QUEMSI_NPM_BIN + ":" + std::getenv("PATH"));
    ASSERT_TRUE(std::filesystem::exists(QUEMSI_NPM_BIN "/husky"))
        << "run tests/support/install-hook-managers.sh";
    sqlite(db, shop_schema);
    write_file(user.top() / ".quemsi.yml", "version: 1\ndatabases:\n  app: sqlite:app.db\n");
  }

  /// What `install --manual` prints between two of its headings.
  [[nodiscard]] std::string snippet(const std::string& from, const std::string& to) const {
    const std::string all = user.quemsi({"install", "--manual"});
    const std::size_t start = all.find('\n', all.find(from)) + 1;
    return all.substr(start, to.empty() ? std::string::npos : all.find(to, start) - start);
  }

  /// Switching, committing, trailers, amending: each needs a hook of its own to have run.
  void expect_that_it_follows() {
    EXPECT_THAT(user.quemsi({"status"}), Not(HasSubstr("hooks are not installed")));
    user.quemsi({"doctor"});
    user.quemsi({"snapshot", "seed"});
    user.git({"add", "-A"});
    user.git({"commit", "-q", "-m", "Begin to follow"});
    EXPECT_THAT(links(), ElementsAre(id_of("seed")));
    EXPECT_THAT(message(), HasSubstr("Quemsi-Snapshot: seed"));
    user.commit("More");
    const std::string main = dump(db);
    const std::string feature = make_feature_branch();
    EXPECT_EQ(dump(db), main);
    user.git({"switch", "-q", "feature"});
    EXPECT_EQ(dump(db), feature);
    user.git({"commit", "-q", "--amend", "--allow-empty", "-m", "Amended"});
    EXPECT_EQ(branch_of(links().at(0)), "feature");
    shell("git switch -q -c aside main~1; echo x >x; git add x; git commit -qm x");
    const std::vector<std::string> before = links("main");
    user.git({"rebase", "-q", "aside", "main"});
    EXPECT_THAT(links("main"), testing::IsSupersetOf(before));
  }

  [[nodiscard]] std::filesystem::path hook(const std::string& name) const {
    return user.top() / ".git" / "hooks" / name;
  }
};

constexpr const char* all_hooks[] = {"post-checkout",   "post-commit",  "post-merge",
                                     "post-applypatch", "post-rewrite", "commit-msg"};

TEST_F(HookManagers, HuskyRunsOursFromItsOwnFiles) {
  shell("husky");
  const CommandResult refused = user.try_quemsi({"install"});
  EXPECT_EQ(refused.exit_code, 128);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("husky"), HasSubstr("--manual")));
  for (const char* name : all_hooks) {
    const std::string text = snippet(std::string("# husky: .husky/") + name, "\n#");
    write_file(user.top() / ".husky" / name, text);
  }
  user.quemsi({"trust"});
  expect_that_it_follows();
}

TEST_F(HookManagers, LefthookRunsOursAsItsCommands) {
  write_file(user.top() / "lefthook.yml", snippet("# lefthook:", "# pre-commit:"));
  shell("lefthook install");
  EXPECT_THAT(user.try_quemsi({"install"}).err, HasSubstr("--chain"));
  user.quemsi({"trust"});
  expect_that_it_follows();
}

TEST_F(HookManagers, LefthooksHooksAreChainedAndPutBack) {
  write_file(user.top() / "lefthook.yml",
             "post-checkout:\n  commands:\n    note:\n      run: echo here >> .git/lefthook-ran\n"
             "commit-msg:\n  commands:\n    note:\n      run: echo here >> .git/lefthook-ran\n");
  shell("lefthook install");
  const std::string before = read_file(hook("post-checkout"));
  user.quemsi({"install", "--chain"});
  expect_that_it_follows();
  EXPECT_GT(count(read_file(user.top() / ".git" / "lefthook-ran"), "here"), 3U);
  user.quemsi({"uninstall"});
  EXPECT_EQ(read_file(hook("post-checkout")), before);
  EXPECT_FALSE(std::filesystem::exists(hook("post-commit")));
}

TEST_F(HookManagers, PreCommitRunsOursAsLocalHooks) {
  write_file(user.top() / ".pre-commit-config.yaml", snippet("# pre-commit install", ""));
  shell(
      "pre-commit install -t post-checkout -t post-commit -t post-merge -t post-rewrite "
      "-t commit-msg");
  user.quemsi({"trust"});
  user.git({"config", "notes.rewriteRef", "refs/notes/quemsi"});
  expect_that_it_follows();
}

TEST_F(HookManagers, PreCommitKeepsOursAndGivesThemBack) {
  user.quemsi({"install"});
  const std::string before = read_file(hook("post-checkout"));
  write_file(user.top() / ".pre-commit-config.yaml", "repos: []\n");
  shell("pre-commit install -t post-checkout -t commit-msg");
  expect_that_it_follows();
  shell("pre-commit uninstall -t post-checkout -t commit-msg");
  EXPECT_EQ(read_file(hook("post-checkout")), before);
}

}  // namespace
}  // namespace quemsi::test
