// What `cmake --install` puts on a machine, used as its user would.
#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;

class Installed : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    prefix_holder_ = std::make_unique<TempDir>();
    const CommandResult result =
        run_command({.argv = {QUEMSI_CMAKE, "--install", QUEMSI_BUILD_DIR, "--prefix", prefix()},
                     .environment = {{"PATH", "/usr/bin:/bin"}}});
    ASSERT_EQ(result.exit_code, 0) << result;
  }
  static void TearDownTestSuite() { prefix_holder_.reset(); }
  static std::filesystem::path prefix() { return prefix_holder_->path() / "opt quemsi"; }
  static std::filesystem::path share(const std::string& name) { return prefix() / "share" / name; }

  void SetUp() override {
    sqlite(user.top() / "app.db", shop_schema);
    user.quemsi({"init", "--yes"});
    user.quemsi({"snapshot", "before-multi-tenant"});
    user.quemsi({"snapshot", "with blanks"});
  }

  Sandbox user{{.bin_dir = prefix() / "bin"}};

 private:
  static std::unique_ptr<TempDir> prefix_holder_;
};

std::unique_ptr<TempDir> Installed::prefix_holder_;

TEST_F(Installed, TheProgramRunsFromItsPrefix) {
  EXPECT_THAT(user.ok({"sh", "-c", "command -v git-quemsi"}), HasSubstr("opt quemsi"));
  EXPECT_EQ(user.ok({"quemsi", "version"}), user.quemsi({"version"}));
  EXPECT_TRUE(std::filesystem::is_symlink(prefix() / "bin" / "quemsi"));
}

TEST_F(Installed, HelpOpensTheManual) {
  user.set("MANPATH", share("man"));
  user.set("MANPAGER", "cat");
  const std::string page = user.git({"quemsi", "--help"});
  EXPECT_THAT(page, HasSubstr("GIT-QUEMSI(1)"));
  EXPECT_THAT(page, HasSubstr("restore"));
  EXPECT_EQ(user.git({"help", "quemsi"}), page);
  EXPECT_THAT(user.ok({"man", "quemsi"}), HasSubstr("quemsi"));
}

TEST_F(Installed, TheManualHasNoMistakesInItsMarkup) {
  for (const char* page : {"git-quemsi.1", "quemsi.1"}) {
    const CommandResult result = user.run({"man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z",
                                           share("man/man1/" + std::string(page)).string()});
    EXPECT_EQ(result.exit_code, 0) << result;
    EXPECT_EQ(result.err, "");
  }
}

/// Completes `line` in bash as pressing the tabulator at its end does.
std::string bash_completes(const Sandbox& user, const std::filesystem::path& script,
                           const std::string& line) {
  const std::string program =
      "[ -r /usr/share/bash-completion/bash_completion ] && "
      ". /usr/share/bash-completion/bash_completion\n"
      "[ -r /usr/share/bash-completion/completions/git ] && "
      ". /usr/share/bash-completion/completions/git\n"
      ". \"$1\"\n"
      "COMP_LINE=$2 COMP_POINT=${#2} COMP_TYPE=9\n"
      "eval \"COMP_WORDS=($2)\"\n"
      "[ \"${2: -1}\" = ' ' ] && COMP_WORDS+=('')\n"
      "COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))\n"
      "${3} 2>/dev/null\n"
      "printf '%s\\n' \"${COMPREPLY[@]}\"\n";
  const std::string function = line.starts_with("git ") ? "__git_wrap__git_main" : "_quemsi";
  return user.ok({"bash", "-c", program, "bash", script.string(), line, function});
}

TEST_F(Installed, BashCompletesSnapshotNames) {
  const auto script = share("bash-completion/completions/git-quemsi");
  EXPECT_THAT(bash_completes(user, script, "quemsi restore bef"), HasSubstr("before-multi-tenant"));
  EXPECT_THAT(bash_completes(user, script, "quemsi restore "), HasSubstr("with\\ blanks"));
  EXPECT_THAT(bash_completes(user, script, "quemsi resto"), HasSubstr("restore"));
  EXPECT_TRUE(std::filesystem::exists(share("bash-completion/completions/quemsi")));
}

TEST_F(Installed, BashCompletesBelowGitWhereGitsCompletionIs) {
  const std::string there = "/usr/share/bash-completion/completions/git";
  ASSERT_TRUE(std::filesystem::exists(there)) << "the package git brings it";
  const auto script = share("bash-completion/completions/git-quemsi");
  EXPECT_THAT(bash_completes(user, script, "git quemsi restore bef"),
              HasSubstr("before-multi-tenant"));
}

TEST_F(Installed, ZshCompletesSnapshotNames) {
  // compadd is replaced: outside the line editor it has nowhere to put its words.
  const std::string program =
      "fpath=(\"$1\" $fpath)\n"
      "autoload -Uz _git-quemsi\n"
      "compadd() { print -rl -- ${(P)2} }\n"
      "_files() { print files }\n"
      "words=(quemsi restore '') CURRENT=3 PREFIX=''\n"
      "_git-quemsi\n";
  const std::string names =
      user.ok({"zsh", "-f", "-c", program, "zsh", share("zsh/site-functions").string()});
  EXPECT_THAT(names, HasSubstr("before-multi-tenant"));
  EXPECT_THAT(names, HasSubstr("with blanks"));
}

TEST_F(Installed, TheHookRunsWithoutThePath) {
  const std::string before = dump(user.top() / "app.db");
  user.commit("Configure");
  user.git({"switch", "-q", "-c", "side"});
  sqlite(user.top() / "app.db", "DELETE FROM orders;");
  user.set("PATH", "/usr/bin:/bin");
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(user.top() / "app.db"), before);
  user.set("PATH", (prefix() / "bin").string() + ":/usr/bin:/bin");
}

}  // namespace
}  // namespace quemsi::test
