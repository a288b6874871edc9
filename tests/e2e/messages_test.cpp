// What commit-msg adds to messages, and what it leaves alone.
#include "e2e/commits_fixture.hpp"

namespace quemsi::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* trailer = "Quemsi-Snapshot: seed\n";

class Messages : public CommitsTest {
 protected:
  void SetUp() override {
    CommitsTest::SetUp();
    user.quemsi({"snapshot", "seed"});
  }

  /// `git commit` with an editor that runs `script` on the file "$1".
  CommandResult commit_with_editor(const std::string& script, Words arguments = {}) {
    write_file(user.home() / "editor.sh", script + "\n");
    user.set("GIT_EDITOR", "sh '" + (user.home() / "editor.sh").string() + "'");
    write_file(user.top() / "file", std::to_string(++edits_));
    user.git({"add", "file"});
    Words words{"git"};
    if (!config_.empty()) words.insert(words.end(), {"-c", config_});
    words.insert(words.end(), {"commit", "-q"});
    words.insert(words.end(), arguments.begin(), arguments.end());
    CommandResult result = user.run(words);
    user.unset("GIT_EDITOR");
    return result;
  }

  std::string config_;
  int edits_ = 0;
};

constexpr const char* writes_message =
    "{ echo Subject; echo; echo Body; cat \"$1\"; } >\"$1.new\" && mv \"$1.new\" \"$1\"";
constexpr const char* touches_nothing = ":";

TEST_F(Messages, NameWhatWasTakenForTheCommitOnce) {
  user.quemsi({"snapshot", "two words"});
  user.git({"commit", "-q", "--allow-empty", "-m", "Subject"});
  EXPECT_EQ(message(), "Subject\n\nQuemsi-Snapshot: seed\nQuemsi-Snapshot: two words\n\n");
  user.git({"commit", "-q", "--amend", "--allow-empty", "--no-edit"});
  EXPECT_EQ(count(message(), "Quemsi-Snapshot"), 2U);
  user.git({"commit", "-q", "--allow-empty", "-m", "Next"});
  EXPECT_EQ(message(), "Next\n\n");
}

TEST_F(Messages, TheSettingDecides) {
  set("quemsi.commitTrailers", "off");
  user.git({"commit", "-q", "--allow-empty", "-m", "Off"});
  EXPECT_EQ(message(), "Off\n\n");
  set("quemsi.commitTrailers", "always");
  user.git({"commit", "-q", "--allow-empty", "-m", "Always"});
  EXPECT_THAT(message(), HasSubstr(trailer));
}

TEST_F(Messages, JoinTheTrailersThatAreThere) {
  user.git({"commit", "-q", "--allow-empty", "-s", "-m", "Subject"});
  EXPECT_THAT(message(), AllOf(HasSubstr("Signed-off-by: "), HasSubstr(trailer)));
  EXPECT_EQ(count(message(), "\n\n"), 2U) << message();
}

TEST_F(Messages, ABodyThatStartsLinesWithAHashStaysInOrder) {
  user.git({"commit", "-q", "--allow-empty", "-m", "Subject\n\n# a heading\n\nText\n\n# last"});
  EXPECT_THAT(message(), StartsWith("Subject\n\n# a heading\n\nText\n\n# last\n\nQuemsi-"));
}

TEST_F(Messages, AnUntouchedEditorIsStillNoCommit) {
  for (const Words& words : {Words{}, Words{"-v"}, Words{"-s"}, Words{"--cleanup=scissors"}}) {
    const CommandResult result = commit_with_editor(touches_nothing, words);
    EXPECT_NE(result.exit_code, 0) << result;
    EXPECT_THAT(result.err, HasSubstr("empty commit message"));
  }
}

TEST_F(Messages, AnUntouchedTemplateIsStillNoCommit) {
  write_file(user.home() / "template", "What and why:\n");
  user.git({"config", "commit.template", (user.home() / "template").string()});
  EXPECT_NE(commit_with_editor(touches_nothing).exit_code, 0);
  EXPECT_EQ(commit_with_editor(writes_message).exit_code, 0);
  EXPECT_THAT(message(), HasSubstr(trailer));
}

TEST_F(Messages, ComeOutOfEveryEditorWhole) {
  for (const char* config : {"", "core.commentChar=;", "core.commentChar=auto"}) {
    for (const Words& words : {Words{}, Words{"-v"}, Words{"--cleanup=scissors"}}) {
      config_ = config;
      user.git({"reset", "-q", "--soft", "HEAD"});
      ASSERT_EQ(commit_with_editor(writes_message, words).exit_code, 0);
      EXPECT_EQ(message(), std::string("Subject\n\nBody\n\n") + trailer + "\n")
          << config << " " << (words.empty() ? "" : words[0]);
      user.git({"reset", "-q", "--soft", "HEAD~1"});
    }
  }
}

TEST_F(Messages, ForAutosquashAreLeftAlone) {
  write_file(user.top() / "file", "x");
  user.git({"add", "file"});
  user.git({"commit", "-q", "--fixup", "HEAD"});
  EXPECT_THAT(message(), AllOf(StartsWith("fixup! "), Not(HasSubstr("Quemsi"))));
}

TEST_F(Messages, OfMergesGetTheTrailerAndLoseNothing) {
  shell(
      "git branch side HEAD; git commit -q --no-verify --allow-empty -m main; git switch -q side;"
      "echo x >x; git add x; git commit -q --no-verify -m side; git switch -q main");
  user.quemsi({"snapshot", "merged"});
  user.git({"merge", "-q", "--no-edit", "side"});
  EXPECT_EQ(message(), "Merge branch 'side'\n\nQuemsi-Snapshot: merged\n\n");
}

TEST_F(Messages, OfARebaseAreLeftAlone) {
  shell("git switch -q -c side HEAD~1; echo x >x; git add x; git commit -q --no-verify -m side");
  user.git({"switch", "-q", "main"});
  user.git({"commit", "-q", "--no-verify", "--allow-empty", "-m", "main"});
  user.git({"rebase", "-q", "side"});
  EXPECT_EQ(message(), "main\n\n");
}

TEST_F(Messages, AReferenceToNoSnapshotIsToldAndAllowed) {
  const CommandResult result = user.run({"git", "commit", "-q", "--allow-empty", "-m",
                                         "x\n\nQuemsi-Snapshot: seed\nQuemsi-Snapshot: sead"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, AllOf(HasSubstr("'sead'"), Not(HasSubstr("'seed'"))));
  EXPECT_EQ(count(result.err, "\n"), 1U) << result;
  EXPECT_EQ(count(message(), "Quemsi-Snapshot: seed"), 1U);
}

TEST_F(Messages, TheLongerBlockTellsHowToGoOn) {
  user.git({"switch", "-q", "-c", "topic"});
  sqlite(db, "INSERT INTO orders VALUES (80, 1, 'x');");
  user.quemsi({"snapshot", "halfway", "-m", "orders backfilled"});
  const std::string text = user.quemsi({"message"});
  EXPECT_THAT(text, AllOf(HasSubstr("baseline  seed ("), HasSubstr("progress  halfway ("),
                          HasSubstr("orders backfilled"),
                          HasSubstr("git switch topic && git quemsi restore halfway"),
                          HasSubstr("\nQuemsi-Snapshot: halfway\n")));
  EXPECT_EQ(user.quemsi({"message", "--trailers"}), "Quemsi-Snapshot: halfway\n");
  sqlite(db, "DELETE FROM orders;");
  EXPECT_THAT(user.quemsi({"message"}), HasSubstr("in no snapshot yet"));
  const Json block = user.json({"message"});
  EXPECT_TRUE(block.at("dirty"));
  EXPECT_EQ(block.at("baseline").at("tags").at(0), "seed");
}

}  // namespace
}  // namespace quemsi::test
