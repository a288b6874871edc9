// The installed shim, run by git itself.
#include <gmock/gmock.h>

#include <array>
#include <cstdlib>

#include "git/shims.hpp"
#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class ShimRun : public GitTest {
 public:
  ShimRun() {
    make_repository(repo());
    run_git({"branch", "side"});
    write_script(program(), "printf '%s|' \"$@\" >>'" + log().string() + "'\n" +
                                "if read -r line; then echo \"stdin: $line\"; fi\n");
  }

  [[nodiscard]] fs::path program() const { return root() / "it's \"here\"" / "git-quemsi"; }
  [[nodiscard]] fs::path log() const { return root() / "log"; }
  [[nodiscard]] std::string calls() const { return read_file(log()); }
  [[nodiscard]] fs::path hook() const { return repo() / ".git" / "hooks" / "post-checkout"; }
  void install(InstallMode mode = InstallMode::careful) const {
    open().install_hooks(mode, program());
  }
  [[nodiscard]] ProcessResult switch_to(const std::string& branch) const {
    return try_git(repo(), {"switch", "--quiet", branch});
  }
  [[nodiscard]] std::string expected_call(const std::string& flag = "1") const {
    const std::string commit = git({"rev-parse", "HEAD"});
    return "hook|post-checkout|" + commit + "|" + commit + "|" + flag + "|";
  }
};

TEST_F(ShimRun, HandsOverTheArgumentsOfGit) {
  install();
  const ProcessResult result = switch_to("side");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_EQ(calls(), expected_call());
}

TEST_F(ShimRun, PrefersTheProgramInPath) {
  install();
  write_script(root() / "path" / "git-quemsi", "echo from-path >>'" + log().string() + "'\n");
  prepend_path(root() / "path");
  EXPECT_EQ(switch_to("side").exit_code, 0);
  EXPECT_EQ(calls(), "from-path\n");
}

TEST_F(ShimRun, StartsNothingForACheckoutOfFiles) {
  install();
  write_file(repo() / "file", "changed\n");
  run_git({"checkout", "--quiet", "--", "file"});
  run_git({"restore", "--source=side", "file"});
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ShimRun, IsSilencedByTheEnvironment) {
  install();
  set("GIT_QUEMSI_SKIP", "1");
  EXPECT_EQ(switch_to("side").exit_code, 0);
  EXPECT_THAT(calls(), IsEmpty());
  set("GIT_QUEMSI_SKIP", "0");
  EXPECT_EQ(switch_to("main").exit_code, 0);
  EXPECT_EQ(calls(), expected_call());
}

TEST_F(ShimRun, SaysOneLineWhenTheProgramIsGone) {
  install();
  fs::remove(program());
  const ProcessResult result = switch_to("side");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, testing::StartsWith("git-quemsi: program not found"));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1);
}

TEST_F(ShimRun, NeverFailsACheckout) {
  install();
  for (const char* body : {"exit 3\n", "kill -SEGV $$\n", "kill -KILL $$\n"}) {
    write_script(program(), body);
    EXPECT_EQ(switch_to("side").exit_code, 0) << body;
    EXPECT_EQ(switch_to("main").exit_code, 0) << body;
  }
}

TEST_F(ShimRun, RunsTheChainedHookFirstWithTheSameArguments) {
  write_script(hook(), "printf 'theirs|%s|' \"$@\" >>'" + log().string() + "'\n");
  install(InstallMode::chain);
  EXPECT_EQ(switch_to("side").exit_code, 0);
  const std::string commit = git({"rev-parse", "HEAD"});
  EXPECT_EQ(calls(), "theirs|" + commit + "|theirs|" + commit + "|theirs|1|" + expected_call());
}

TEST_F(ShimRun, RunsTheChainedHookForFilesAndWhenSilenced) {
  write_script(hook(), "echo theirs >>'" + log().string() + "'\n");
  install(InstallMode::chain);
  run_git({"checkout", "--quiet", "--", "file"});
  set("GIT_QUEMSI_SKIP", "1");
  EXPECT_EQ(switch_to("side").exit_code, 0);
  EXPECT_EQ(calls(), "theirs\ntheirs\n");
}

TEST_F(ShimRun, LetsAChainedHookFailAndRunsAllTheSame) {
  write_script(hook(), "exit 7\n");
  const int alone = switch_to("side").exit_code;
  EXPECT_NE(alone, 0);
  EXPECT_EQ(try_git(repo(), {"switch", "--quiet", "main"}).exit_code, alone);
  install(InstallMode::chain);
  EXPECT_EQ(switch_to("side").exit_code, alone);
  EXPECT_EQ(calls(), expected_call());
}

TEST_F(ShimRun, SkipsAChainedHookThatGitWouldSkip) {
  write_file(hook(), "#!/bin/sh\nexit 7\n");
  install(InstallMode::chain);
  EXPECT_EQ(switch_to("side").exit_code, 0);
  EXPECT_EQ(calls(), expected_call());
}

TEST_F(ShimRun, HandsTheChainedHookItsStdin) {
  write_script(hook(), "cat >'" + (root() / "stdin").string() + "'\n");
  install(InstallMode::chain);
  const ProcessResult result = run_process({.argv = {hook().string(), "a", "b", "1"},
                                            .cwd = repo(),
                                            .input = "line\n",
                                            .environment = {}});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(read_file(root() / "stdin"), "line\n");
  EXPECT_THAT(result.out, IsEmpty());
}

TEST_F(ShimRun, GivesTheProgramNoStdin) {
  install();
  const ProcessResult result = run_process({.argv = {hook().string(), "a", "b", "1"},
                                            .cwd = repo(),
                                            .input = "line\n",
                                            .environment = {}});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, IsEmpty());
}

TEST_F(ShimRun, CommitHooksHandOverTheirArguments) {
  install();
  run_git({"commit", "--quiet", "--allow-empty", "--message", "x"});
  EXPECT_EQ(calls(), "hook|commit-msg|.git/COMMIT_EDITMSG|hook|post-commit|");
}

TEST_F(ShimRun, AMessageThatAChainedHookRefusesIsRefused) {
  write_script(repo() / ".git" / "hooks" / "commit-msg", "exit 7\n");
  install(InstallMode::chain);
  EXPECT_NE(try_git(repo(), {"commit", "--allow-empty", "--message", "x"}).exit_code, 0);
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ShimRun, NeverFailsACommit) {
  install();
  write_script(program(), "exit 3\n");
  run_git({"commit", "--quiet", "--allow-empty", "--message", "x"});
  run_git({"commit", "--quiet", "--allow-empty", "--amend", "--message", "y"});
  run_git({"merge", "--quiet", "side"});
}

TEST_F(ShimRun, WhatGitTellsPostRewriteReachesBothHooks) {
  write_script(repo() / ".git" / "hooks" / "post-rewrite",
               "cat >'" + (root() / "stdin").string() + "'\n");
  install(InstallMode::chain);
  const std::string before = git({"rev-parse", "HEAD"});
  const ProcessResult amended =
      try_git(repo(), {"commit", "--quiet", "--allow-empty", "--amend", "--message", "y"});
  const std::string pair = before + " " + git({"rev-parse", "HEAD"});
  EXPECT_EQ(read_file(root() / "stdin"), pair + "\n");
  EXPECT_THAT(amended.err + amended.out, HasSubstr("stdin: " + pair));
}

TEST_F(ShimRun, RunsInLinkedWorktrees) {
  install();
  run_git({"worktree", "add", "--quiet", "../linked", "-b", "other"});
  const std::string commit = git({"rev-parse", "HEAD"});
  EXPECT_EQ(calls(), "hook|post-checkout|" + std::string(40, '0') + "|" + commit + "|1|");
}

TEST_F(ShimRun, IsPlainPosixShell) {
  install();
  for (const char* shell : {"dash", "bash"}) {
    const ProcessResult result = run_process(
        {.argv = {shell, "-n", hook().string()}, .cwd = repo(), .input = {}, .environment = {}});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
}

}  // namespace
}  // namespace quemsi::git_test
