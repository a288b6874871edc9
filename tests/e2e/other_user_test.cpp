// A repository of somebody else: git refuses it, or it may only be read. Hooks and commands say
// what is wrong and how to go on, never fail git, and write nothing.
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <map>

#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

/// Neither root nor whoever runs the tests.
constexpr const char* owner_id = "65534";
constexpr const char* user_id = "54321";

class OtherUser : public EndToEnd {
 protected:
  explicit OtherUser(const std::string& shared = "everybody") {
    user.git({"config", "core.sharedRepository", shared});
    set_up_shop();
    user.quemsi({"snapshot", "first"});
    user.git({"branch", "-q", "feature"});
    user.settle();
    fs::permissions(user.top().parent_path(), fs::perms::others_exec, fs::perm_options::add);
    fs::permissions(home_.path(), fs::perms(0777));
    give_away();
  }
  ~OtherUser() override { take_back(); }

  /// Who is not root cannot: the user is another one then, to whom the files give what they give
  /// to others.
  void give_away() const {
    if (is_root_) {
      must({"chown", "-R", owner_id, user.top().string()});
    } else {
      must({"find", user.top().string(), "-type", "f", "!", "-perm", "-o=r", "-exec", "chmod",
            "a-r", "{}", "+"});
      must({"find", user.top().string(), "-type", "d", "!", "-perm", "-o=x", "-exec", "chmod",
            "a-rx", "{}", "+"});
      must({"chmod", "-R", "a-w", user.top().string()});
    }
  }
  void take_back() const {
    if (is_root_) {
      must({"chown", "-R", "0", user.top().string()});
    } else {
      must({"chmod", "-R", "u+rwX", user.top().string()});
    }
  }
  static void must(const Words& words) {
    const CommandResult result =
        run_command({.argv = words, .environment = {{"PATH", "/usr/bin:/bin"}}});
    if (result.exit_code != 0) throw std::runtime_error(result.err);
  }
  void let_git_accept_it() const {
    write_file(home_.path() / ".gitconfig", "[safe]\n\tdirectory = *\n");
  }

  [[nodiscard]] CommandResult as_other(Words words) const {
    CommandRequest request = user.request(std::move(words));
    request.environment["HOME"] = home_.path();
    if (is_root_) {
      const Words prefix{"setpriv", "--reuid", user_id, "--regid", user_id, "--clear-groups"};
      request.argv.insert(request.argv.begin(), prefix.begin(), prefix.end());
    } else {
      request.environment["LD_PRELOAD"] = QUEMSI_OTHER_USER;
    }
    return run_command(request);
  }

  /// Every file, what it holds and whose it is.
  [[nodiscard]] std::map<fs::path, std::string> everything() const {
    std::map<fs::path, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(
             user.top(), fs::directory_options::skip_permission_denied)) {
      struct stat info {};
      EXPECT_EQ(lstat(entry.path().c_str(), &info), 0) << entry.path();
      std::string& text = found[entry.path()];
      text = std::to_string(info.st_ino) + " " + std::to_string(info.st_uid) + " " +
             std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
      const bool readable = entry.is_regular_file() && access(entry.path().c_str(), R_OK) == 0;
      if (readable) text += "\n" + read_file(entry.path());
    }
    return found;
  }

  [[nodiscard]] fs::path message() const { return home_.path() / "message"; }

  /// By the shim, and called directly.
  void run_hook(const Words& hook, const std::function<void(const CommandResult&)>& check) const {
    Words by_shim = hook;
    by_shim[0] = user.top() / ".git/hooks" / hook[0];
    Words directly{"git-quemsi", "hook"};
    directly.insert(directly.end(), hook.begin(), hook.end());
    for (const Words& words : {by_shim, directly}) {
      SCOPED_TRACE(testing::PrintToString(words));
      write_file(message(), "Subject\n");
      const CommandResult result = as_other(words);
      EXPECT_EQ(result.exit_code, 0) << result;
      EXPECT_EQ(result.out, "");
      check(result);
    }
  }
  void expect_hook_says(const Words& hook, const std::string& what) const {
    run_hook(hook, [&](const CommandResult& result) {
      EXPECT_THAT(result.err, StartsWith("quemsi: "));
      EXPECT_EQ(count(result.err, "\n"), 1U) << result;
      EXPECT_THAT(result.err, HasSubstr(what));
      EXPECT_EQ(read_file(message()), "Subject\n");
    });
  }
  void expect_refused(const std::vector<Words>& commands, const std::string& why,
                      const std::string& hint) {
    for (const Words& command : commands) {
      Words words{"git-quemsi"};
      words.insert(words.end(), command.begin(), command.end());
      const CommandResult result = as_other(words);
      SCOPED_TRACE(testing::PrintToString(words));
      EXPECT_EQ(result.exit_code, 128) << result;
      EXPECT_THAT(result.err, HasSubstr(why));
      EXPECT_THAT(result.err, HasSubstr("hint: " + hint));
    }
  }
  void expect_its_owner_to_go_on() {
    take_back();
    user.git({"switch", "-q", "feature"});
    user.quemsi({"restore", "--yes", "first"});
    user.settle();
    EXPECT_THAT(user.quemsi({"fsck"}), HasSubstr("no damage"));
  }

  bool is_root_ = geteuid() == 0;
  TempDir home_;
};

const Words checkout{"post-checkout", "0", "0", "1"};
const std::vector<Words> following_hooks{
    checkout, {"post-commit"}, {"post-merge", "0"}, {"post-applypatch"}};

const std::vector<Words> writing{{"snapshot", "new"},
                                 {"restore", "first", "--yes"},
                                 {"undo", "--yes"},
                                 {"gc"},
                                 {"fsck"},
                                 {"fsck", "--repair"},
                                 {"tag", "first", "second"},
                                 {"delete", "first", "--yes"},
                                 {"trust"},
                                 {"worker"}};

TEST_F(OtherUser, WhatGitRefusesIsLeftAlone) {
  const auto before = everything();
  const std::string hint = "git config --global --add safe.directory '" + user.top().string() + "'";
  expect_refused(writing, "dubious ownership", hint);
  expect_refused({{"status"}, {"list"}, {"log"}, {"doctor"}, {"init", "--yes"}, {"uninstall"}},
                 "dubious ownership", hint);
  for (const Words& hook : following_hooks) expect_hook_says(hook, "safe.directory");
  expect_hook_says({"post-rewrite", "amend"}, "safe.directory");
  expect_hook_says({"commit-msg", message()}, "safe.directory");
  EXPECT_EQ(everything(), before);
  expect_its_owner_to_go_on();
}

TEST_F(OtherUser, WhatMayOnlyBeReadIsReadAndNotWritten) {
  let_git_accept_it();
  const auto before = everything();
  for (const Words& words : {Words{"list"}, {"log"}, {"show", "first"}}) {
    Words all{"git-quemsi"};
    all.insert(all.end(), words.begin(), words.end());
    const CommandResult result = as_other(all);
    EXPECT_EQ(result.exit_code, 0) << result;
    EXPECT_THAT(result.out, HasSubstr("first"));
  }
  expect_refused(writing, "Permission denied", "check the permissions");
  for (const Words& hook : following_hooks) {
    if (hook != checkout) expect_hook_says(hook, "ermission denied");
  }
  // Nothing is to be moved.
  run_hook(checkout, [](const CommandResult& result) { EXPECT_EQ(result.err, ""); });
  // Which writes nothing but the message, and that is theirs.
  run_hook({"commit-msg", message()}, [this](const CommandResult& result) {
    EXPECT_EQ(result.err, "");
    EXPECT_THAT(read_file(message()), HasSubstr("Quemsi-Snapshot: first"));
  });
  EXPECT_EQ(everything(), before);
  expect_its_owner_to_go_on();
}

TEST_F(OtherUser, ACheckoutThatMayNotBeFollowedSaysSo) {
  take_back();
  user.set("GIT_QUEMSI_SKIP", "1");
  user.git({"switch", "-q", "feature"});
  user.unset("GIT_QUEMSI_SKIP");
  give_away();
  let_git_accept_it();
  const auto before = everything();
  expect_hook_says(checkout, "ermission denied");
  EXPECT_EQ(everything(), before);
  expect_its_owner_to_go_on();
}

class OwnersAlone : public OtherUser {
 protected:
  OwnersAlone() : OtherUser("umask") {}
};

TEST_F(OwnersAlone, SnapshotsAreNotShown) {
  let_git_accept_it();
  const auto before = everything();
  const CommandResult pack = as_other(
      {"sh", "-c", "cat .git/quemsi/packs/* || ls .git/quemsi || cat .git/quemsi/trusted"});
  EXPECT_EQ(pack.out, "");
  EXPECT_THAT(pack.err, HasSubstr("ermission denied"));
  expect_refused(writing, "Permission denied", "check the permissions");
  expect_refused({{"list"}, {"log"}, {"show", "first"}, {"status"}}, "Permission denied",
                 "check the permissions");
  for (const Words& hook : following_hooks) expect_hook_says(hook, "ermission denied");
  EXPECT_EQ(everything(), before);
  expect_its_owner_to_go_on();
}

}  // namespace
}  // namespace quemsi::test
