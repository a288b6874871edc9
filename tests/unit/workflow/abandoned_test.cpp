// A command is killed in a linked worktree between two swaps, and that worktree is removed before
// any other command could settle it.
#include <gmock/gmock.h>

#include "fixture.hpp"
#include "half_done.hpp"
#include "support/application.hpp"
#include "support/file_damage.hpp"
#include "util/clock.hpp"

namespace quemsi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AbandonedTest : public WorkflowTest {
 protected:
  AbandonedTest() {
    std::filesystem::create_directory(outside());
    write_config("version: 1\nbusy_timeout: 100ms\nretention:\n  grace: 3\ndatabases:\n" +
                 urls(outside(), "${worktree}-"));
    for (const char* name : {"one", "two"}) fill(database(name, "main"), "main");
    set_up(sandbox().top());
    git({"worktree", "add", "-q", "-b", "side", side().string()});
    std::filesystem::copy(sandbox().top() / ".quemsi.yml", side() / ".quemsi.yml");
  }
  ~AbandonedTest() override { sandbox().settle(); }

  static std::string urls(const std::filesystem::path& folder, const std::string& prefix) {
    std::string text;
    for (const char* name : {"one", "two"}) {
      text += std::string("  ") + name + ": sqlite:" + (folder / (prefix + name + ".db")).string() +
              "\n";
    }
    return text;
  }
  [[nodiscard]] std::filesystem::path outside() const {
    return sandbox().top().parent_path() / "data bases";
  }
  [[nodiscard]] std::filesystem::path side() const {
    return sandbox().top().parent_path() / "side";
  }
  [[nodiscard]] std::filesystem::path database(const std::string& name,
                                               const std::string& worktree = "side") const {
    return outside() / (worktree + "-" + name + ".db");
  }
  std::string sqlite(const std::filesystem::path& file, const std::string& text) const {
    return sandbox().ok({"sqlite3", file.string(), text});
  }
  void fill(const std::filesystem::path& file, const std::string& value) const {
    sqlite(file, "CREATE TABLE t (x); INSERT INTO t VALUES ('" + value + "')");
  }
  [[nodiscard]] std::string value(const std::string& name) const {
    return sqlite(database(name), "SELECT x FROM t");
  }

  ProjectOptions at(const std::filesystem::path& top) {
    ProjectOptions options = WorkflowTest::options();
    options.start = top;
    options.clock = [this] { return system_now() + later_; };
    options.notice = [this](const std::string& line) { said_ += line + "\n"; };
    return options;
  }
  ProjectOptions options() override { return at(sandbox().top()); }
  Snapshot set_up(const std::filesystem::path& top) {
    Project project(at(top));
    adopt_worktree(project);
    return take_snapshot(project, {}, no_progress());
  }

  /// side's databases hold "side", then "unsaved" as well; a switch back to "side" is killed after
  /// `done` swaps, and the worktree is removed.
  Snapshot abandon(std::size_t done) {
    for (const char* name : {"one", "two"}) fill(database(name), "side");
    return abandon(done, [this](const std::string& name) { return database(name); });
  }
  Snapshot abandon(std::size_t done, const auto& file_of) {
    const Snapshot base = set_up(side());
    sandbox().settle();
    for (const char* name : {"one", "two"}) {
      sqlite(file_of(name), "INSERT INTO t VALUES ('unsaved')");
    }
    const Snapshot kept = [&] {
      Project project(at(side()));
      return leave_half_done(project, project.catalogue().snapshot(base.id).value(), done);
    }();
    git({"worktree", "remove", "--force", side().string()});
    end_command();
    return kept;
  }

  GcReport collect(int days = 0) {
    later_ += std::chrono::days(days);
    GcReport report = gc(project(), no_progress());
    sandbox().settle();
    end_command();
    return report;
  }
  void expect_settled() {
    EXPECT_THAT(project().catalogue().journal(), IsEmpty());
    EXPECT_THAT(fsck(project(), false, no_progress()).findings, IsEmpty());
    sandbox().settle();
    end_command();
  }
  /// Once the grace is over, its databases go as others do, and this is what they held.
  void expect_retired(const std::string& one, const std::string& two) {
    const GcReport report = collect(4);
    ASSERT_THAT(report.worktrees, SizeIs(1));
    for (const RetiredDatabase& item : report.worktrees[0].databases) {
      EXPECT_EQ(item.fate, Fate::dropped) << item.problem;
    }
    ASSERT_TRUE(report.worktrees[0].kept);
    expect_holds(report.worktrees[0].kept->id, one, two);
    expect_settled();
  }
  void expect_holds(const SnapshotId& id, const std::string& one, const std::string& two) {
    restore_snapshot(project(), {.snapshot = id.str()}, no_progress());
    EXPECT_EQ(sqlite(database("one", "main"), "SELECT x FROM t"), one);
    EXPECT_EQ(sqlite(database("two", "main"), "SELECT x FROM t"), two);
    sandbox().settle();
    end_command();
  }

  std::string said_;

 private:
  std::chrono::milliseconds later_{0};
};

constexpr const char* left_there = "side\nunsaved\n";

TEST_F(AbandonedTest, WhatMovedNothingIsTakenBack) {
  abandon(0);
  EXPECT_THAT(collect().unfinished, IsEmpty());
  EXPECT_THAT(said_, HasSubstr("took back an interrupted switch in the removed worktree 'side'"));
  EXPECT_EQ(value("one"), left_there);
  expect_settled();
  expect_retired(left_there, left_there);
}

TEST_F(AbandonedTest, WhatMovedOneOfTwoIsTakenBack) {
  abandon(1);
  ASSERT_EQ(value("one"), "side\n");
  collect();
  EXPECT_EQ(value("one"), left_there);
  EXPECT_EQ(value("two"), left_there);
  expect_settled();
  expect_retired(left_there, left_there);
}

TEST_F(AbandonedTest, WhatMovedAllIsFinished) {
  const Snapshot kept = abandon(2);
  EXPECT_THAT(collect().unfinished, IsEmpty());
  EXPECT_THAT(said_, HasSubstr("finished an interrupted switch in the removed worktree 'side'"));
  EXPECT_EQ(value("one"), "side\n");
  expect_holds(kept.id, left_there, left_there);
  expect_retired("side\n", "side\n");
}

TEST_F(AbandonedTest, WhatCannotBeTakenBackYetStaysAndIsSaid) {
  abandon(1);
  {
    test::Application application(database("one"));
    application.sql("BEGIN EXCLUSIVE");
    const GcReport report = collect(4);
    ASSERT_THAT(report.unfinished, SizeIs(1));
    EXPECT_EQ(report.unfinished[0].what, "switch");
    EXPECT_TRUE(report.unfinished[0].removed);
    EXPECT_THAT(report.unfinished[0].problem, HasSubstr("locked by another program"));
    application.sql("ROLLBACK");
  }
  EXPECT_THAT(project().catalogue().journal(), SizeIs(1));
  EXPECT_EQ(value("one"), "side\n");
  EXPECT_EQ(value("two"), left_there);
  EXPECT_THAT(collect().unfinished, IsEmpty());
  EXPECT_EQ(value("one"), left_there);
  expect_settled();
}

TEST_F(AbandonedTest, WhatAnotherWorktreeHasTakenUpIsNotMoved) {
  abandon(1);
  const auto other = sandbox().top().parent_path() / "other";
  git({"worktree", "add", "-q", "-b", "other", other.string()});
  std::filesystem::copy(sandbox().top() / ".quemsi.yml", other / ".quemsi.yml");
  test::write_file(other / ".quemsi.local.yml", "databases:\n" + urls(outside(), "side-"));
  set_up(other);
  const GcReport report = collect();
  ASSERT_THAT(report.unfinished, SizeIs(1));
  EXPECT_THAT(report.unfinished[0].problem, HasSubstr("another worktree has"));
  EXPECT_EQ(value("one"), "side\n");
  EXPECT_EQ(value("two"), left_there);
}

TEST_F(AbandonedTest, WhatCameOutOfADatabaseThatIsGoneBecomesASnapshot) {
  test::write_file(side() / ".quemsi.local.yml", "databases:\n" + urls(side(), ""));
  const auto file = [&](const std::string& name) { return side() / (name + ".db"); };
  for (const char* name : {"one", "two"}) fill(file(name), "side");
  abandon(1, file);
  ASSERT_FALSE(std::filesystem::exists(side()));
  EXPECT_THAT(collect().unfinished, IsEmpty());
  const std::vector<Snapshot> found =
      project().catalogue().snapshots({.kind = SnapshotKind::imported});
  ASSERT_THAT(found, SizeIs(1));
  restore_snapshot(project(), {.snapshot = found[0].id.str(), .databases = {"one"}}, no_progress());
  EXPECT_EQ(sqlite(database("one", "main"), "SELECT x FROM t"), left_there);
  EXPECT_FALSE(std::filesystem::exists(side()));
  sandbox().settle();
  expect_settled();
}

TEST_F(AbandonedTest, UnfinishedCopiesAreRemoved) {
  const ParkedName name = parked_name(new_image_id());
  for (const char* kind : {"copies", "worker-copies"}) {
    project().catalogue().write_journal({.worktree = WorktreeId("never known"),
                                         .kind = kind,
                                         .payload = "[\"" + name.str() + " one\"]",
                                         .started_at = {}});
  }
  static_cast<void>(
      project().database("one").copy_live(name, Content::all, CopyLimit::none, no_progress()));
  ASSERT_THAT(project().database("one").list_parked(),
              testing::Contains(testing::Field(&ParkedInfo::name, name)));
  EXPECT_THAT(collect().unfinished, IsEmpty());
  expect_settled();
}

TEST_F(AbandonedTest, ADryRunSaysThatItComesFirst) {
  abandon(1);
  const GcReport plan = plan_gc(project());
  ASSERT_THAT(plan.unfinished, SizeIs(1));
  EXPECT_EQ(plan.unfinished[0].worktree.str(), "side");
  EXPECT_EQ(plan.unfinished[0].problem, "");
  EXPECT_EQ(value("one"), "side\n");
}

}  // namespace
}  // namespace quemsi
