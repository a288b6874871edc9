#include "workflow/exchange.hpp"

#include <fmt/core.h>

#include <future>

#include "fixture.hpp"
#include "half_done.hpp"
#include "support/application.hpp"
#include "workflow/live.hpp"

namespace quemsi {
namespace {

/// Two branches, each with rows of its own, `feature` being live.
class ExchangeTest : public WorkflowTest {
 protected:
  void SetUp() override {
    take("base");
    git({"switch", "-c", "feature"});
    follow();
    for (const char* name : {"one", "two"}) sql(name, "INSERT INTO t VALUES ('feature')");
    sandbox().settle();
    git({"switch", "main"});
  }

  /// The journal entry of a switch to main that was killed after `done` swaps.
  void leave_half_done(std::size_t done) {
    quemsi::leave_half_done(project(), resolve_snapshot(project(), "base"), done);
    end_command();
  }
  /// An application that keeps the second database to itself, for longer than a switch waits.
  std::unique_ptr<test::Application> lock_two(const std::string& busy_timeout) {
    write_config("version: 1\nbusy_timeout: " + busy_timeout +
                 "\ndatabases:\n  one: sqlite:one.db\n  two: sqlite:two.db\n");
    auto application = std::make_unique<test::Application>(file("two"));
    application->sql("BEGIN IMMEDIATE");
    application->sql("INSERT INTO t VALUES ('not committed')");
    return application;
  }
  /// Of the only safety snapshot; restores it.
  std::string safety_rows(const std::string& database) {
    end_command();
    const auto kept = project().catalogue().snapshots({.kind = SnapshotKind::safety});
    if (kept.size() != 1) return fmt::format("{} safety snapshots", kept.size());
    restore_snapshot(project(), {.snapshot = kept.front().id.str()}, no_progress());
    return rows(database);
  }
};

TEST_F(ExchangeTest, TakesBackAnInterruptedSwitchThatMovedNothing) {
  leave_half_done(0);
  EXPECT_EQ(reconcile(project()), std::vector<std::string>{"took back an interrupted switch"});
  EXPECT_EQ(rows("one"), "main,feature");
  EXPECT_EQ(rows("two"), "main,feature");
  EXPECT_TRUE(project().catalogue().journal().empty());
}

TEST_F(ExchangeTest, TakesBackAnInterruptedSwitchThatMovedOneOfTwo) {
  leave_half_done(1);
  ASSERT_EQ(rows("one"), "main");
  reconcile(project());
  EXPECT_EQ(rows("one"), "main,feature");
  EXPECT_EQ(rows("two"), "main,feature");
  EXPECT_EQ(owner().branch_name, "feature");
  EXPECT_TRUE(project().catalogue().journal().empty());
}

TEST_F(ExchangeTest, KeepsWhatWasWrittenBetweenAnInterruptedSwitchAndItsEnd) {
  leave_half_done(1);
  sql("one", "INSERT INTO t VALUES ('written in between')");
  reconcile(project());
  EXPECT_EQ(rows("one"), "main,feature");
  EXPECT_EQ(safety_rows("one"), "main,written in between");
  restore_snapshot(project(), {.snapshot = "base"}, no_progress());
  EXPECT_EQ(rows("one"), "main");
}

TEST_F(ExchangeTest, KeepsWhatIsWrittenWhileASwitchWaitsInVain) {
  const auto application = lock_two("5s");
  std::future<void> switched = std::async(std::launch::async, [&] {
    Project own(options());
    EXPECT_THROW(follow_branch(own, no_progress()), Error);
  });
  while (rows("one") != "main") {
    ASSERT_EQ(switched.wait_for(std::chrono::milliseconds(1)), std::future_status::timeout);
  }
  sql("one", "INSERT INTO t VALUES ('written in between')");
  switched.get();
  EXPECT_EQ(rows("one"), "main,feature");
  EXPECT_EQ(safety_rows("one"), "main,written in between");
}

TEST_F(ExchangeTest, FinishesAnInterruptedSwitchThatMovedAll) {
  leave_half_done(2);
  EXPECT_EQ(reconcile(project()), std::vector<std::string>{"finished an interrupted switch"});
  EXPECT_EQ(rows("one"), "main");
  EXPECT_EQ(owner().branch_name, "main");
  EXPECT_TRUE(any_dirty(project(), owner())) << "nobody watched what was written meanwhile";
  git({"switch", "feature"});
  EXPECT_EQ(follow().what, Followed::switched);
  EXPECT_EQ(rows("one"), "main,feature");
  EXPECT_EQ(rows("two"), "main,feature");
}

TEST_F(ExchangeTest, RecoversOnceHoweverOftenItIsAsked) {
  leave_half_done(1);
  reconcile(project());
  EXPECT_TRUE(reconcile(project()).empty());
  EXPECT_EQ(rows("one"), "main,feature");
}

TEST_F(ExchangeTest, SwapsTheFirstBackWhenTheSecondCannotBeSwapped) {
  const auto application = lock_two("200ms");
  try {
    follow();
    FAIL() << "a locked database was swapped";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("'two'"), std::string::npos) << error.what();
  }
  EXPECT_EQ(rows("one"), "main,feature");
  EXPECT_EQ(owner().branch_name, "feature");
  EXPECT_TRUE(project().catalogue().journal().empty());
  EXPECT_TRUE(project().catalogue().snapshots({.kind = SnapshotKind::safety}).empty())
      << "nobody wrote anything";
  application->sql("COMMIT");
  EXPECT_EQ(follow().what, Followed::switched);
  EXPECT_EQ(rows("two"), "main");
}

TEST_F(ExchangeTest, SaysWhatItMadeWhereNothingWasWhenTheRestIsTakenBack) {
  std::filesystem::remove(file("one"));
  const auto application = lock_two("200ms");
  try {
    follow();
    FAIL() << "a locked database was swapped";
  } catch (const Error& error) {
    EXPECT_NE(testing::PrintToString(error.causes()).find("but 'one', which did not exist, does"),
              std::string::npos)
        << testing::PrintToString(error.causes());
  }
  EXPECT_EQ(rows("one"), "main");
  EXPECT_EQ(rows("two"), "main,feature");
}

TEST_F(ExchangeTest, LeavesEntriesOfOtherWorktreesAlone) {
  project().catalogue().write_journal(
      {.worktree = WorktreeId("other"), .kind = "switch", .payload = "not ours to read"});
  EXPECT_TRUE(reconcile(project()).empty());
  EXPECT_EQ(project().catalogue().journal().size(), 1U);
}

}  // namespace
}  // namespace quemsi
