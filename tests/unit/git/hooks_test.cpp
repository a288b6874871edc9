#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* program = "/opt/quemsi/bin/git-quemsi";
constexpr const char* foreign = "echo somebody else's\n";

class Hooks : public GitTest {
 public:
  Hooks() {
    make_repository(repo());
    fs::remove_all(folder());
  }

  [[nodiscard]] fs::path folder() const { return repo() / ".git" / "hooks"; }
  [[nodiscard]] fs::path hook() const { return folder() / "post-checkout"; }
  [[nodiscard]] fs::path chained() const { return folder() / "post-checkout.before-quemsi"; }
  [[nodiscard]] fs::path replaced() const { return folder() / "post-checkout.replaced-by-quemsi"; }
  [[nodiscard]] HookState state() const { return open().hooks().at(0).state; }
  void install(InstallMode mode) const { open().install_hooks(mode, program); }
  [[nodiscard]] std::vector<std::string> uninstall() const { return open().uninstall_hooks(); }

  /// The error of an installation that must fail, having changed nothing.
  [[nodiscard]] Error refusal(InstallMode mode) const {
    try {
      install(mode);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "the installation went through";
    return {ErrorKind::internal, ""};
  }
};

TEST_F(Hooks, AreAbsentAtFirst) {
  const std::vector<HookStatus> hooks = open().hooks();
  ASSERT_EQ(hooks.size(), 6U);
  EXPECT_EQ(hooks[0].name, "post-checkout");
  EXPECT_EQ(hooks[0].file, hook());
  EXPECT_EQ(hooks[0].state, HookState::absent);
  EXPECT_THAT(uninstall(), IsEmpty());
}

TEST_F(Hooks, GoIntoAnEmptySlotAndOutAgain) {
  install(InstallMode::careful);
  EXPECT_EQ(state(), HookState::ours);
  EXPECT_THAT(read_file(hook()), HasSubstr(std::string("program='") + program + "'\n"));
  EXPECT_NE(fs::status(hook()).permissions() & fs::perms::owner_exec, fs::perms::none);
  EXPECT_THAT(uninstall(), IsEmpty());
  EXPECT_TRUE(fs::is_empty(folder()));
}

TEST_F(Hooks, AreInstalledTwiceAsOnce) {
  install(InstallMode::careful);
  const std::string once = read_file(hook());
  for (const InstallMode mode : {InstallMode::careful, InstallMode::chain, InstallMode::force}) {
    install(mode);
    EXPECT_EQ(state(), HookState::ours);
    EXPECT_EQ(read_file(hook()), once);
  }
  EXPECT_FALSE(fs::exists(chained()));
  EXPECT_FALSE(fs::exists(replaced()));
}

TEST_F(Hooks, FollowTheProgramWhenItMoves) {
  open().install_hooks(InstallMode::careful, "/old/git-quemsi");
  install(InstallMode::careful);
  EXPECT_THAT(read_file(hook()), HasSubstr(program));
}

TEST_F(Hooks, RefuseTheSlotOfAForeignHook) {
  write_script(hook(), foreign);
  const std::string before = read_file(hook());
  const Error error = refusal(InstallMode::careful);
  EXPECT_EQ(error.kind(), ErrorKind::user);
  EXPECT_THAT(error.hints(),
              ElementsAre(HasSubstr("--chain"), HasSubstr("--manual"), HasSubstr("--force")));
  EXPECT_EQ(state(), HookState::foreign);
  EXPECT_EQ(read_file(hook()), before);
}

TEST_F(Hooks, AreChainedAndPutBack) {
  write_script(hook(), foreign);
  const std::string before = read_file(hook());
  install(InstallMode::chain);
  EXPECT_EQ(state(), HookState::chained);
  EXPECT_EQ(read_file(chained()), before);
  install(InstallMode::careful);
  EXPECT_EQ(state(), HookState::chained);
  EXPECT_THAT(uninstall(), IsEmpty());
  EXPECT_EQ(read_file(hook()), before);
  EXPECT_FALSE(fs::exists(chained()));
}

TEST_F(Hooks, AreChainedBehindALink) {
  write_script(repo() / "tools" / "hook", foreign);
  fs::create_directories(folder());
  fs::create_symlink("../../tools/hook", hook());
  install(InstallMode::chain);
  EXPECT_EQ(fs::read_symlink(chained()), "../../tools/hook");
  EXPECT_THAT(uninstall(), IsEmpty());
  EXPECT_EQ(fs::read_symlink(hook()), "../../tools/hook");
}

TEST_F(Hooks, AreHealedAfterAChainThatWasKilled) {
  write_script(chained(), foreign);
  EXPECT_EQ(state(), HookState::absent);
  install(InstallMode::careful);
  EXPECT_EQ(state(), HookState::chained);
  fs::remove(hook());
  EXPECT_THAT(uninstall(), IsEmpty());
  EXPECT_THAT(read_file(hook()), HasSubstr(foreign));
}

TEST_F(Hooks, RefuseToChainOverAChainedHook) {
  write_script(hook(), foreign);
  write_script(chained(), "echo another\n");
  EXPECT_EQ(refusal(InstallMode::chain).kind(), ErrorKind::user);
  EXPECT_THAT(read_file(hook()), HasSubstr(foreign));
  EXPECT_THAT(read_file(chained()), HasSubstr("another"));
  EXPECT_THAT(uninstall(), ElementsAre(HasSubstr(hook().string()), HasSubstr(chained().string())));
}

TEST_F(Hooks, RefuseBeforeTheyTouchAnyOfThem) {
  write_script(folder() / "commit-msg", foreign);
  EXPECT_EQ(refusal(InstallMode::careful).kind(), ErrorKind::user);
  EXPECT_FALSE(fs::exists(hook()));
  write_script(folder() / "commit-msg.before-quemsi", "echo another\n");
  EXPECT_EQ(refusal(InstallMode::chain).kind(), ErrorKind::user);
  EXPECT_FALSE(fs::exists(hook()));
}

TEST_F(Hooks, SetAForeignHookAsideByForce) {
  write_script(hook(), foreign);
  install(InstallMode::force);
  EXPECT_EQ(state(), HookState::ours);
  EXPECT_THAT(read_file(replaced()), HasSubstr(foreign));
  EXPECT_THAT(uninstall(), ElementsAre(HasSubstr(replaced().string())));
  EXPECT_FALSE(fs::exists(hook()));
  EXPECT_THAT(read_file(replaced()), HasSubstr(foreign));
}

TEST_F(Hooks, NeverOverwriteABackup) {
  write_script(hook(), "echo one\n");
  install(InstallMode::force);
  write_script(hook(), "echo two\n");
  install(InstallMode::force);
  EXPECT_THAT(read_file(replaced()), HasSubstr("one"));
  EXPECT_THAT(read_file(replaced().string() + ".2"), HasSubstr("two"));
}

TEST_F(Hooks, ForceEndsAChain) {
  write_script(hook(), foreign);
  install(InstallMode::chain);
  install(InstallMode::force);
  EXPECT_EQ(state(), HookState::ours);
  EXPECT_THAT(read_file(replaced()), HasSubstr(foreign));
}

TEST_F(Hooks, LeaveAForeignHookAloneOnTheWayOut) {
  write_script(hook(), foreign);
  EXPECT_THAT(uninstall(), ElementsAre(HasSubstr(hook().string())));
  EXPECT_THAT(read_file(hook()), HasSubstr(foreign));
}

TEST_F(Hooks, LeaveAnEditedShimAlone) {
  install(InstallMode::careful);
  write_file(hook(), read_file(hook()) + "echo mine\n");
  EXPECT_EQ(state(), HookState::foreign);
  EXPECT_THAT(uninstall(), ElementsAre(HasSubstr("edited")));
  EXPECT_THAT(read_file(hook()), HasSubstr("echo mine"));
}

TEST_F(Hooks, AreSharedByWorktrees) {
  run_git({"worktree", "add", "--quiet", "../linked", "-b", "side"});
  Repository linked = open(root() / "linked");
  linked.install_hooks(InstallMode::careful, program);
  EXPECT_EQ(linked.hooks_dir(), folder());
  EXPECT_EQ(state(), HookState::ours);
  EXPECT_EQ(linked.hooks().at(0).state, HookState::ours);
}

TEST_F(Hooks, GoWhereARelativeHooksPathSays) {
  run_git({"config", "core.hooksPath", ".my hooks"});
  install(InstallMode::careful);
  EXPECT_EQ(open().hooks().at(0).file, repo() / ".my hooks" / "post-checkout");
  EXPECT_TRUE(fs::exists(repo() / ".my hooks" / "post-checkout"));
  EXPECT_FALSE(fs::exists(hook()));
  EXPECT_THAT(uninstall(), IsEmpty());
  EXPECT_FALSE(fs::exists(repo() / ".my hooks" / "post-checkout"));
}

TEST_F(Hooks, GoWhereAnAbsoluteHooksPathInsideSays) {
  run_git({"config", "core.hooksPath", (repo() / "tools" / "hooks").string()});
  install(InstallMode::careful);
  EXPECT_TRUE(fs::exists(repo() / "tools" / "hooks" / "post-checkout"));
}

TEST_F(Hooks, RefuseAHooksPathOutside) {
  fs::create_directories(root() / "shared");
  git_in(root(), {"config", "--global", "core.hooksPath", (root() / "shared").string()});
  for (const InstallMode mode : {InstallMode::careful, InstallMode::chain, InstallMode::force}) {
    const Error error = refusal(mode);
    EXPECT_EQ(error.kind(), ErrorKind::user);
    EXPECT_THAT(error.hints(), Contains(HasSubstr("git quemsi hook post-checkout \"$@\"")));
    EXPECT_THAT(error.hints(), Contains("git quemsi install --manual"));
  }
  EXPECT_TRUE(fs::is_empty(root() / "shared"));
}

TEST_F(Hooks, RefuseALinkThatLeadsOutside) {
  fs::create_directories(root() / "shared");
  fs::create_directory_symlink(root() / "shared", folder());
  EXPECT_EQ(refusal(InstallMode::careful).kind(), ErrorKind::user);
  EXPECT_TRUE(fs::is_empty(root() / "shared"));
}

TEST_F(Hooks, RefuseAHooksPathOfNothing) {
  run_git({"config", "core.hooksPath", "/dev/null"});
  EXPECT_EQ(refusal(InstallMode::careful).kind(), ErrorKind::user);
  EXPECT_EQ(state(), HookState::absent);
}

TEST_F(Hooks, RefuseHuskysFolder) {
  run_git({"config", "core.hooksPath", ".husky/_"});
  const Error error = refusal(InstallMode::force);
  EXPECT_THAT(error.what(), HasSubstr("husky"));
  EXPECT_THAT(error.hints(), Contains(HasSubstr(".husky/post-checkout")));
  EXPECT_FALSE(fs::exists(repo() / ".husky"));
}

TEST_F(Hooks, AreRemovedFromTheFolderThatGitNoLongerReads) {
  install(InstallMode::careful);
  run_git({"config", "core.hooksPath", (root() / "shared").string()});
  write_script(root() / "shared" / "post-checkout", foreign);
  EXPECT_THAT(uninstall(), ElementsAre(HasSubstr("outside")));
  EXPECT_FALSE(fs::exists(hook()));
}

/// Root may write anywhere, so this runs as somebody else.
class AsNobody {
 public:
  AsNobody() : was_root_(geteuid() == 0) {
    if (was_root_ && seteuid(nobody) != 0) throw std::runtime_error("cannot become nobody");
  }
  ~AsNobody() {
    if (was_root_) static_cast<void>(seteuid(0));
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  static constexpr uid_t nobody = 65534;

 private:
  bool was_root_;
};

TEST_F(Hooks, SayWhichFolderCannotBeWritten) {
  fs::create_directories(folder());
  constexpr fs::perms all_but_writing = static_cast<fs::perms>(0555);
  Repository repository = open();
  fs::permissions(folder(), all_but_writing);
  fs::permissions(root(), all_but_writing, fs::perm_options::add);
  git_in(root(), {"config", "--global", "--add", "safe.directory", "*"});
  try {
    const AsNobody someone;
    repository.install_hooks(InstallMode::careful, program);
    FAIL() << "a folder that is read-only was written";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_THAT(error.what(), HasSubstr(folder().string()));
    EXPECT_THAT(error.what(), HasSubstr("Permission denied"));
    EXPECT_THAT(error.hints(), testing::Not(IsEmpty()));
  }
  fs::permissions(folder(), fs::perms::owner_all);
}

TEST_F(Hooks, HaveSnippetsForEveryManager) {
  const std::string text = Repository::manual_snippets();
  for (const char* word :
       {"husky", "lefthook", "pre-commit", "git quemsi hook post-checkout \"$@\"",
        "git quemsi hook commit-msg \"$@\"", "use_stdin: true"}) {
    EXPECT_THAT(text, HasSubstr(word));
  }
}

}  // namespace
}  // namespace quemsi::git_test
