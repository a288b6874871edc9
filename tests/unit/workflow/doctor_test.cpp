#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "fixture.hpp"
#include "support/file_damage.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class DoctorTest : public WorkflowTest {
 protected:
  void SetUp() override {
    project().repository().install_hooks(InstallMode::careful, project().options().program);
  }

  std::vector<Diagnosis> examine() {
    end_command();
    // The hooks of these tests are silenced, which it would see.
    const char* skip = std::getenv("GIT_QUEMSI_SKIP");
    const std::optional<std::string> before =
        skip ? std::optional<std::string>(skip) : std::nullopt;
    if (silenced_) {
      setenv("GIT_QUEMSI_SKIP", "1", 1);
    } else {
      unsetenv("GIT_QUEMSI_SKIP");
    }
    std::vector<Diagnosis> found = doctor(project());
    if (before) setenv("GIT_QUEMSI_SKIP", before->c_str(), 1);
    return found;
  }
  /// What is wrong, a line each with its remedies; notes are left out.
  std::vector<std::string> complaints() {
    std::vector<std::string> lines;
    for (const Diagnosis& found : examine()) {
      if (!found.severity || found.severity == Severity::note) continue;
      std::string line = found.subject + ": " + found.what;
      for (const std::string& remedy : found.remedies) line += " => " + remedy;
      lines.push_back(std::move(line));
    }
    return lines;
  }
  void expect_complaint(const std::string& what, const std::string& remedy) {
    EXPECT_THAT(complaints(), Contains(testing::AllOf(HasSubstr(what), HasSubstr(remedy))));
  }
  [[nodiscard]] std::filesystem::path hook() const {
    return sandbox().top() / ".git" / "hooks" / "post-checkout";
  }

  bool silenced_ = false;
};

TEST_F(DoctorTest, HasNothingToSayOfASoundRepository) {
  take("seed");
  sandbox().settle();
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(DoctorTest, LooksAtEveryPart) {
  std::vector<std::string> subjects;
  for (const Diagnosis& found : examine()) subjects.push_back(found.subject);
  EXPECT_THAT(subjects,
              testing::IsSupersetOf({"git", "hooks", "configuration", "worktree", "database one",
                                     "database two", "snapshots", "space"}));
}

TEST_F(DoctorTest, MissesAHook) {
  std::filesystem::remove(hook());
  expect_complaint("hooks: not installed: post-checkout", "git quemsi install");
}

TEST_F(DoctorTest, SeesThatGitPassesAHookOver) {
  ASSERT_EQ(chmod(hook().c_str(), 0644), 0);
  expect_complaint("not executable", "chmod +x");
}

TEST_F(DoctorTest, SeesSomebodyElsesHook) {
  test::write_file(hook(), "#!/bin/sh\n# git quemsi hook post-checkout\nexit 0\n");
  expect_complaint("post-checkout belongs to somebody else", "--chain");
}

TEST_F(DoctorTest, CountsAHookThatCallsOurs) {
  test::write_file(hook(), "#!/bin/sh\ngit quemsi hook post-checkout \"$@\"\n");
  ASSERT_EQ(chmod(hook().c_str(), 0755), 0);
  EXPECT_THAT(complaints(), IsEmpty());
}

TEST_F(DoctorTest, SeesThatTheHooksAreSilenced) {
  silenced_ = true;
  expect_complaint("GIT_QUEMSI_SKIP", "unset");
}

TEST_F(DoctorTest, ConnectsNowhereUntilTheConfigurationIsTrusted) {
  test::write_file(sandbox().top() / ".quemsi.yml",
                   "version: 1\ndatabases:\n  other: sqlite:other.db\n");
  expect_complaint("configuration: ", "git quemsi trust");
  EXPECT_THAT(complaints(), testing::Not(Contains(HasSubstr("database other"))));
}

TEST_F(DoctorTest, NamesAConfigurationThatCannotBeRead) {
  test::write_file(sandbox().top() / ".quemsi.yml", "version: 1\ndatabasses:\n  a: sqlite:a.db\n");
  expect_complaint("configuration: ", "databases");
}

TEST_F(DoctorTest, MissesADatabase) {
  std::filesystem::remove(file("one"));
  expect_complaint("database one: does not exist", "migrations");
}

TEST_F(DoctorTest, NamesADatabaseThatIsNone) {
  test::write_file(file("two"), "this is a letter to the editor, and no database at all");
  EXPECT_THAT(complaints(), Contains(HasSubstr("database two: ")));
}

TEST_F(DoctorTest, SaysWhatExistsInOneCopyOnly) {
  const Snapshot snapshot = take("seed");
  sandbox().settle();
  sql("one", "INSERT INTO t VALUES ('x')");
  git({"switch", "-q", "-c", "side"});
  follow();
  sandbox().settle();
  Catalogue& catalogue = project().catalogue();
  const Snapshot newest = catalogue.snapshots().front();
  Image image = newest.images.front();
  image.id = new_image_id();
  image.manifest.reset();
  image.parked = parked_name(image.id);
  Snapshot unsealed = newest;
  unsealed.id = new_snapshot_id();
  unsealed.tags.clear();
  unsealed.images = {image};
  catalogue.insert_snapshot(unsealed);
  expect_complaint("1 database state exists in one copy only", "git quemsi status");
}

TEST_F(DoctorTest, NamesBackgroundWorkThatFailed) {
  take("seed");
  sandbox().settle();
  add_task(project(), task_drop, "nonsense");
  const std::optional<Task> task = project().catalogue().claim_task(1);
  project().catalogue().fail_task(task->id, "the server has gone");
  const std::vector<Diagnosis> found = examine();
  const auto failure = std::ranges::find(found, "background", &Diagnosis::subject);
  ASSERT_NE(failure, found.end());
  EXPECT_THAT(failure->causes, testing::ElementsAre("the server has gone"));
}

TEST_F(DoctorTest, SaysWhenOthersMayLookIntoTheSnapshots) {
  const std::string folder = project().state_dir();
  ASSERT_EQ(chmod(folder.c_str(), 0750), 0);
  expect_complaint("privacy: other users may look into " + folder, "chmod 700 '" + folder + "'");
  git({"config", "core.sharedRepository", "group"});
  EXPECT_THAT(complaints(), IsEmpty());
  ASSERT_EQ(chmod(folder.c_str(), 0755), 0);
  expect_complaint("privacy: other users may look into", "chmod 2770 '");
}

TEST_F(DoctorTest, SaysThatNothingIsSetUp) {
  std::filesystem::remove_all(sandbox().top() / ".git" / "quemsi");
  expect_complaint("worktree: git-quemsi is not set up here", "git quemsi init");
}

}  // namespace
}  // namespace quemsi
