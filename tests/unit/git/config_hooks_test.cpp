// Hooks in the configuration, as git 2.54 and later run them.
#include "git/config_hooks.hpp"

#include <gmock/gmock.h>

#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class ConfigHooksTest : public GitTest {
 public:
  ConfigHooksTest() {
    make_repository(repo());
    fs::remove_all(repo() / ".git" / "hooks");
    write_script(program(), "printf '%s|' \"$@\" >>'" + log().string() + "'\n");
    pretend("2.54.0");
  }

  /// Puts a git in PATH that says it is of this version.
  void pretend(const std::string& version) {
    const std::string real = std::string(git_in(root(), {"--exec-path"})) + "/git";
    write_script(root() / "bin" / "git", "if [ \"$1\" = version ]; then echo 'git version " +
                                             version + "'; exit; fi\nexec '" + real + "' \"$@\"\n");
    prepend_path(root() / "bin");
  }
  [[nodiscard]] fs::path program() const { return root() / "git-quemsi"; }
  [[nodiscard]] fs::path log() const { return root() / "log"; }
  [[nodiscard]] fs::path slot() const { return repo() / ".git" / "hooks" / "post-checkout"; }
  [[nodiscard]] fs::path shim() const {
    return repo() / ".git" / "quemsi" / "hooks" / "post-checkout";
  }
  [[nodiscard]] HookStatus status() const { return open().hooks().at(0); }
  void install(InstallMode mode = InstallMode::careful) const {
    open().install_hooks(mode, program());
  }
  /// Runs the configured command the way git does.
  [[nodiscard]] ProcessResult run_configured() const {
    const std::string command = git({"config", "hook.quemsi-post-checkout.command"});
    return run_process({.argv = {"sh", "-c", command + " \"$@\"", command, "old", "new", "1"},
                        .cwd = repo(),
                        .input = {},
                        .environment = {}});
  }
};

TEST_F(ConfigHooksTest, AreUsedWhereGitKnowsThem) {
  write_script(slot(), "echo theirs\n");
  install();
  EXPECT_EQ(status().state, HookState::ours);
  EXPECT_EQ(status().file, shim());
  EXPECT_EQ(git({"config", "hook.quemsi-post-checkout.event"}), "post-checkout");
  EXPECT_THAT(read_file(slot()), HasSubstr("theirs"));
  EXPECT_EQ(run_configured().exit_code, 0);
  EXPECT_EQ(read_file(log()), "hook|post-checkout|old|new|1|");
}

TEST_F(ConfigHooksTest, CollideWithNoHooksPath) {
  run_git({"config", "core.hooksPath", "/dev/null"});
  install();
  EXPECT_EQ(status().state, HookState::ours);
}

TEST_F(ConfigHooksTest, GoWithoutATrace) {
  const std::string before = read_file(repo() / ".git" / "config");
  install();
  install(InstallMode::chain);
  EXPECT_THAT(open().uninstall_hooks(), IsEmpty());
  EXPECT_EQ(status().state, HookState::absent);
  EXPECT_EQ(read_file(repo() / ".git" / "config"), before);
  EXPECT_FALSE(fs::exists(shim().parent_path()));
}

TEST_F(ConfigHooksTest, DoNotFailACheckoutAfterTheRepositoryMoved) {
  install();
  fs::remove(shim());
  EXPECT_EQ(run_configured().exit_code, 0);
  EXPECT_EQ(status().state, HookState::ours_outdated);
  install();
  EXPECT_EQ(status().state, HookState::ours);
}

TEST_F(ConfigHooksTest, TakeOverFromAShimInTheSlot) {
  pretend("2.53.9");
  write_script(slot(), "echo theirs\n");
  install(InstallMode::chain);
  EXPECT_EQ(status().file, slot());
  pretend("2.54.1.windows.1");
  install();
  EXPECT_EQ(status().file, shim());
  EXPECT_THAT(read_file(slot()), HasSubstr("theirs"));
}

TEST_F(ConfigHooksTest, GiveWayToAShimByForce) {
  install();
  install(InstallMode::force);
  EXPECT_EQ(status().file, slot());
  EXPECT_EQ(status().state, HookState::ours);
  EXPECT_FALSE(fs::exists(shim()));
  EXPECT_NE(try_git(repo(), {"config", "hook.quemsi-post-checkout.command"}).exit_code, 0);
}

TEST_F(ConfigHooksTest, CountForNothingWithAnOlderGit) {
  install();
  pretend("2.39.5 (Apple Git-154)");
  EXPECT_EQ(status().file, slot());
  EXPECT_EQ(status().state, HookState::absent);
}

TEST_F(ConfigHooksTest, NeedAVersionThatCanBeRead) {
  for (const char* version : {"", "nonsense", "2", "1.99", "2.5"}) {
    pretend(version);
    EXPECT_FALSE(ConfigHooks(GitCommand(*locate(repo()))).are_supported()) << version;
  }
  for (const char* version : {"2.54.0.rc1", "2.55.0", "3.0.1", "2.100.0"}) {
    pretend(version);
    EXPECT_TRUE(ConfigHooks(GitCommand(*locate(repo()))).are_supported()) << version;
  }
}

}  // namespace
}  // namespace quemsi::git_test
