// What leaves the live slot is kept, and a branch comes back to what it had last.
#include <gmock/gmock.h>

#include "fixture.hpp"
#include "util/file_lock.hpp"
#include "workflow/worker_lock.hpp"

namespace quemsi {
namespace {

using testing::Contains;
using testing::HasSubstr;

class LeavingTest : public WorkflowTest {
 protected:
  ~LeavingTest() override {
    worker_.reset();
    sandbox().settle();
  }

  ProjectOptions options() override {
    ProjectOptions options = WorkflowTest::options();
    options.notice = [this](const std::string& line) { notices_.push_back(line); };
    return options;
  }
  /// As a command and its hook.
  FollowResult switch_to(const test::Words& arguments) {
    test::Words words{"switch", "-q"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    git(words);
    end_command();
    return follow();
  }
  void insert(const std::string& database, const std::string& value) {
    sql(database, "INSERT INTO t VALUES ('" + value + "')");
  }
  /// Nothing is sealed from here on.
  void keep_worker_away() {
    sandbox().settle();
    worker_ = FileLock::try_lock(worker_lock(project()), LockMode::exclusive);
    ASSERT_TRUE(worker_);
  }
  std::optional<SnapshotId> tip_of(const std::string& branch) {
    for (const Tip& tip : project().catalogue().tips()) {
      if (tip.branch == branch) return tip.snapshot;
    }
    return std::nullopt;
  }
  std::vector<std::string> notices_;

 private:
  std::optional<FileLock> worker_;
};

TEST_F(LeavingTest, ADatabaseThatDoesNotExistYetKeepsNothingElseFromFollowing) {
  std::filesystem::remove(file("two"));
  const Snapshot base = take("base");
  EXPECT_EQ(base.images.size(), 1U);
  EXPECT_EQ(owner().base, base.id);
  insert("one", "more");
  switch_to({"-c", "feature"});
  EXPECT_TRUE(tip_of("main"));
  insert("one", "feature");
  EXPECT_EQ(switch_to({"main"}).what, Followed::switched);
  EXPECT_EQ(rows("one"), "main,more");
  EXPECT_EQ(switch_to({"feature"}).what, Followed::switched);
  EXPECT_EQ(rows("one"), "main,more,feature");
}

TEST_F(LeavingTest, ADatabaseThatDoesNotExistIsNoChange) {
  std::filesystem::remove(file("two"));
  take("base");
  EXPECT_FALSE(status(project()).dirty);
  sql("two", "CREATE TABLE t (x)");
  EXPECT_TRUE(status(project()).dirty);
}

TEST_F(LeavingTest, ADatabaseThatIsGoneComesBackWithItsBranch) {
  take("base");
  switch_to({"-c", "feature"});
  sandbox().settle();
  std::filesystem::remove(file("two"));
  EXPECT_TRUE(status(project()).dirty);
  switch_to({"main"});
  EXPECT_EQ(rows("two"), "main");
}

TEST_F(LeavingTest, ARestoreOfOneDatabaseOnADetachedHeadKeepsTheOthersForTheBranch) {
  take("old");
  insert("two", "mine");
  git({"checkout", "-q", "--detach"});
  end_command();
  restore_snapshot(project(), {.snapshot = "old", .databases = {"one"}}, no_progress());
  EXPECT_EQ(rows("two"), "main,mine");
  insert("two", "of nobody");
  EXPECT_EQ(switch_to({"main"}).what, Followed::switched);
  EXPECT_EQ(rows("two"), "main,mine");
}

TEST_F(LeavingTest, ARestoreOfOneDatabaseIsAChangeOfTheBranch) {
  take("old");
  insert("one", "new");
  const Snapshot base = take("new");
  restore_snapshot(project(), {.snapshot = "old", .databases = {"one"}}, no_progress());
  EXPECT_EQ(owner().base, base.id);
  EXPECT_TRUE(status(project()).dirty);
  switch_to({"-c", "feature"});
  insert("one", "feature");
  switch_to({"main"});
  EXPECT_EQ(rows("one"), "main");
  EXPECT_EQ(rows("two"), "main");
  switch_to({"feature"});
  EXPECT_EQ(rows("one"), "main,feature");
}

/// The checkpoint of `feature`, unsealed, with `main` live.
class AbsorbingTest : public LeavingTest {
 protected:
  void SetUp() override {
    take("base");
    switch_to({"-c", "feature"});
    keep_worker_away();
    for (const char* name : {"one", "two"}) insert(name, "feature");
    switch_to({"main"});
    left_ = tip_of("feature");
    ASSERT_TRUE(left_);
  }
  bool is_listed() { return project().catalogue().snapshot(*left_).has_value(); }

  std::optional<SnapshotId> left_;
};

TEST_F(AbsorbingTest, WhatNobodyElseNeedsBecomesLiveAgain) {
  switch_to({"feature"});
  EXPECT_FALSE(is_listed());
  EXPECT_EQ(rows("one"), "main,feature");
}

TEST_F(AbsorbingTest, WhatACommitIsLinkedToStays) {
  project().repository().add_notes(
      {{project().repository().resolve_commit("HEAD").value(), {"snapshot: " + left_->str()}}});
  switch_to({"feature"});
  EXPECT_EQ(rows("one"), "main,feature");
  insert("one", "later");
  ASSERT_TRUE(is_listed());
  restore_snapshot(project(), {.snapshot = left_->str()}, no_progress());
  EXPECT_EQ(rows("one"), "main,feature");
}

TEST_F(AbsorbingTest, WhatAnotherWorktreesUndoBringsBackStays) {
  const std::string payload =
      R"({"what":"restore of x","target":")" + left_->str() + R"(","databases":["one"]})";
  project().catalogue().set_owner({.worktree = WorktreeId("other")});
  project().catalogue().add_history({.worktree = WorktreeId("other"),
                                     .kind = "restore",
                                     .payload = payload,
                                     .finished_at = project().now()});
  switch_to({"feature"});
  EXPECT_EQ(rows("one"), "main,feature");
  EXPECT_TRUE(is_listed());
}

/// `main` was at `old` here, and has been moved on by another worktree since.
class MovedOnTest : public LeavingTest {
 protected:
  void SetUp() override {
    take("old");
    switch_to({"-c", "feature"});
    insert("one", "feature");
    switch_to({"main"});
    sandbox().settle();
    Snapshot moved = project().catalogue().snapshot(owner().base.value()).value();
    moved.id = new_snapshot_id();
    moved.tags = {"new"};
    for (Image& image : moved.images) {
      image.id = new_image_id();
      image.parked.reset();
    }
    project().catalogue().insert_snapshot(moved);
    project().catalogue().set_tip({owner().branch.value(), "main", moved.id});
    new_ = moved.id;
  }
  std::optional<SnapshotId> new_;
};

TEST_F(MovedOnTest, ABranchIsNotSetBackByWhoStandsAtItsOldState) {
  switch_to({"feature"});
  EXPECT_EQ(tip_of("main"), new_);
}

TEST_F(MovedOnTest, WhatWasChangedHereIsKeptBesideItAndToldOf) {
  insert("one", "here");
  EXPECT_EQ(switch_to({"feature"}).what, Followed::switched);
  EXPECT_EQ(tip_of("main"), new_);
  EXPECT_THAT(notices_, Contains(HasSubstr("'main' has moved on in another worktree")));
  const Snapshot kept = project().catalogue().snapshots({.branch = "main"}).front();
  restore_snapshot(project(), {.snapshot = kept.id.str()}, no_progress());
  EXPECT_EQ(rows("one"), "main,here");
}

}  // namespace
}  // namespace quemsi
