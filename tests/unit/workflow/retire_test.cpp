#include <gmock/gmock.h>

#include "fixture.hpp"
#include "support/application.hpp"
#include "support/file_damage.hpp"
#include "util/clock.hpp"

namespace quemsi {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A linked worktree whose database is outside of it, and named after it.
class RetireTest : public WorkflowTest {
 protected:
  RetireTest() {
    std::filesystem::create_directory(outside());
    write_config("version: 1\nretention:\n  grace: 3\ndatabases:\n  app: sqlite:" +
                 (outside() / "${worktree}.db").string() + "\n");
    sqlite(database("main"), "CREATE TABLE t (x); INSERT INTO t VALUES ('main')");
    set_up(sandbox().top());
    git({"worktree", "add", "-q", "-b", "side", side().string()});
    std::filesystem::copy(sandbox().top() / ".quemsi.yml", side() / ".quemsi.yml");
    sqlite(database("side"), "CREATE TABLE t (x); INSERT INTO t VALUES ('side')");
    set_up(side());
  }
  ~RetireTest() override { sandbox().settle(); }

  void set_up(const std::filesystem::path& top) {
    Project project(at(top));
    adopt_worktree(project);
    static_cast<void>(take_snapshot(project, {}, no_progress()));
  }
  [[nodiscard]] std::filesystem::path outside() const {
    return sandbox().top().parent_path() / "data bases";
  }
  [[nodiscard]] std::filesystem::path side() const {
    return sandbox().top().parent_path() / "side";
  }
  [[nodiscard]] std::filesystem::path database(const std::string& worktree) const {
    return outside() / (worktree + ".db");
  }
  std::string sqlite(const std::filesystem::path& file, const std::string& text) const {
    return sandbox().ok({"sqlite3", file.string(), text});
  }
  ProjectOptions at(const std::filesystem::path& top) {
    ProjectOptions options = WorkflowTest::options();
    options.start = top;
    options.clock = [this] { return system_now() + later_; };
    return options;
  }
  ProjectOptions options() override { return at(sandbox().top()); }

  void remove_side() {
    sandbox().settle();
    git({"worktree", "remove", "--force", side().string()});
    end_command();
  }
  GcReport collect() {
    GcReport report = gc(project(), no_progress());
    sandbox().settle();
    end_command();
    return report;
  }
  void let_the_grace_pass() {
    collect();
    later_ += std::chrono::days(4);
  }
  GcReport collect_at_last() {
    let_the_grace_pass();
    return collect();
  }
  bool is_known(const std::string& worktree) {
    return project().catalogue().owner(WorktreeId(worktree)).has_value();
  }

 private:
  std::chrono::milliseconds later_{0};
};

TEST_F(RetireTest, AWorktreeThatIsThereKeepsItsDatabase) {
  EXPECT_THAT(collect_at_last().worktrees, IsEmpty());
  EXPECT_EQ(sqlite(database("side"), "SELECT x FROM t"), "side\n");
}

TEST_F(RetireTest, NothingGoesBeforeTheGraceIsOver) {
  EXPECT_THAT(plan_gc(project()).waiting, IsEmpty());
  remove_side();
  EXPECT_THAT(plan_gc(project()).waiting, SizeIs(1)) << "nobody has noted it down yet";
  EXPECT_THAT(collect().worktrees, IsEmpty());
  const GcReport plan = plan_gc(project());
  EXPECT_THAT(plan.worktrees, IsEmpty());
  ASSERT_THAT(plan.waiting, SizeIs(1));
  EXPECT_EQ(plan.waiting[0].kind, GoneKind::worktree);
  EXPECT_EQ(plan.waiting[0].name, "side");
  EXPECT_GT(plan.waiting[0].until, project().now() + std::chrono::days(2));
  EXPECT_TRUE(std::filesystem::exists(database("side")));
  EXPECT_TRUE(is_known("side"));
}

/// Killed meanwhile, it is finished where its files are: they may be on another disk than ours.
TEST_F(RetireTest, WhatIsUnderWayIsWrittenDownAsTheRemovedWorktrees) {
  remove_side();
  let_the_grace_pass();
  const std::filesystem::path catalogue = sandbox().top() / ".git" / "quemsi" / "catalogue.db";
  sqlite(catalogue,
         "CREATE TABLE seen(worktree); CREATE TRIGGER see AFTER INSERT ON journal BEGIN INSERT "
         "INTO seen VALUES (new.worktree); END");
  EXPECT_THAT(collect().worktrees, SizeIs(1));
  EXPECT_EQ(sqlite(catalogue, "SELECT worktree FROM seen"), "side\n");
  EXPECT_EQ(sqlite(catalogue, "SELECT COUNT(*) FROM journal"), "0\n");
}

TEST_F(RetireTest, WhatNoSnapshotHoldsBecomesOneAndIsWhereTheBranchStands) {
  sqlite(database("side"), "INSERT INTO t VALUES ('unsaved')");
  remove_side();
  const GcReport report = collect_at_last();
  ASSERT_THAT(report.worktrees, SizeIs(1));
  const RetiredWorktree& gone = report.worktrees[0];
  EXPECT_THAT(gone.databases, ElementsAre(Field(&RetiredDatabase::fate, Fate::dropped)));
  EXPECT_FALSE(std::filesystem::exists(database("side")));
  EXPECT_FALSE(is_known("side"));
  ASSERT_TRUE(gone.kept);
  EXPECT_EQ(gone.kept->branch, "side");
  EXPECT_EQ(resolve_snapshot(project(), "side").id, gone.kept->id);
  restore_snapshot(project(), {.snapshot = gone.kept->id.str()}, no_progress());
  EXPECT_EQ(sqlite(database("main"), "SELECT x FROM t"), "side\nunsaved\n");
  sandbox().settle();
  EXPECT_THAT(fsck(project(), false, no_progress()).findings, IsEmpty());
}

TEST_F(RetireTest, WhatASnapshotHoldsIsNotTakenAgain) {
  remove_side();
  const std::size_t before = project().catalogue().snapshots().size();
  const GcReport report = collect_at_last();
  ASSERT_THAT(report.worktrees, SizeIs(1));
  EXPECT_FALSE(report.worktrees[0].kept);
  EXPECT_EQ(project().catalogue().snapshots().size(), before);
  EXPECT_FALSE(std::filesystem::exists(database("side")));
}

TEST_F(RetireTest, ABranchThatHasMovedOnStaysWhereItIs) {
  sqlite(database("side"), "INSERT INTO t VALUES ('unsaved')");
  remove_side();
  git({"switch", "-q", "side"});
  follow();
  sqlite(database("main"), "INSERT INTO t VALUES ('newer')");
  const Snapshot newer = take("newer");
  const GcReport report = collect_at_last();
  ASSERT_TRUE(report.worktrees.at(0).kept);
  EXPECT_EQ(resolve_snapshot(project(), "side").id, newer.id);
}

TEST_F(RetireTest, WhatIsInUseStaysUntilTheNextTime) {
  remove_side();
  test::Application app(database("side"));
  EXPECT_EQ(app.sql("SELECT x FROM t"), "side\n");
  const GcReport report = collect_at_last();
  ASSERT_THAT(report.worktrees, SizeIs(1));
  const RetiredDatabase& left = report.worktrees[0].databases.at(0);
  EXPECT_EQ(left.fate, Fate::left);
  EXPECT_TRUE(left.again);
  EXPECT_THAT(left.problem, HasSubstr("in use"));
  EXPECT_TRUE(is_known("side"));
}

TEST_F(RetireTest, WhatAnotherWorktreeHasTakenUpIsItsOwn) {
  remove_side();
  const auto other = sandbox().top().parent_path() / "other";
  git({"worktree", "add", "-q", "-b", "other", other.string()});
  std::filesystem::copy(sandbox().top() / ".quemsi.yml", other / ".quemsi.yml");
  test::write_file(other / ".quemsi.local.yml",
                   "databases:\n  app: sqlite:" + database("side").string() + "\n");
  set_up(other);
  const GcReport report = collect_at_last();
  ASSERT_THAT(report.worktrees, SizeIs(1));
  EXPECT_EQ(report.worktrees[0].databases.at(0).fate, Fate::left);
  EXPECT_FALSE(is_known("side"));
  EXPECT_EQ(sqlite(database("side"), "SELECT x FROM t"), "side\n");
}

TEST_F(RetireTest, WhatTheConfigurationNoLongerNamesStays) {
  remove_side();
  write_config("version: 1\nretention:\n  grace: 3\ndatabases:\n  other: sqlite:other.db\n");
  sqlite(sandbox().top() / "other.db", "CREATE TABLE t (x)");
  project().trust().trust(project().config());
  const GcReport report = collect_at_last();
  ASSERT_THAT(report.worktrees, SizeIs(1));
  EXPECT_THAT(report.worktrees[0].databases.at(0).problem, HasSubstr("names no such database"));
  EXPECT_TRUE(std::filesystem::exists(database("side")));
  EXPECT_FALSE(is_known("side"));
}

TEST_F(RetireTest, WhereAKilledCommandCannotBeSettledItWaits) {
  remove_side();
  project().catalogue().write_journal(
      {.worktree = WorktreeId("side"), .kind = "exchange", .payload = "{}", .started_at = {}});
  const GcReport report = collect_at_last();
  ASSERT_THAT(report.worktrees, SizeIs(1));
  EXPECT_TRUE(report.worktrees[0].databases.at(0).again);
  ASSERT_THAT(report.unfinished, SizeIs(1));
  EXPECT_THAT(report.unfinished[0].problem, HasSubstr("cannot be read"));
  EXPECT_TRUE(std::filesystem::exists(database("side")));
  EXPECT_TRUE(is_known("side"));
}

TEST_F(RetireTest, WhatIsMadeAgainIsNotTouched) {
  remove_side();
  collect();
  git({"worktree", "add", "-q", side().string(), "side"});
  EXPECT_THAT(collect_at_last().worktrees, IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(database("side")));
}

TEST_F(RetireTest, ADryRunSaysTheSameAndTouchesNothing) {
  sqlite(database("side"), "INSERT INTO t VALUES ('unsaved')");
  remove_side();
  let_the_grace_pass();
  const GcReport plan = plan_gc(project());
  end_command();
  ASSERT_THAT(plan.worktrees, SizeIs(1));
  EXPECT_EQ(plan.worktrees[0].databases.at(0).fate, Fate::dropped);
  EXPECT_EQ(sqlite(database("side"), "SELECT x FROM t"), "side\nunsaved\n");
  EXPECT_TRUE(is_known("side"));
}

}  // namespace
}  // namespace quemsi
