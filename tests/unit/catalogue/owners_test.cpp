#include "fixture.hpp"

namespace quemsi {
namespace {

class OwnersTest : public CatalogueTest {};

TEST_F(OwnersTest, GivesBackEveryFieldAndReplacesTheWhole) {
  const Snapshot base = some_snapshot();
  catalogue().insert_snapshot(base);
  Owner owner{.worktree = WorktreeId("w"),
              .branch = new_branch_key(),
              .branch_name = nasty_text(),
              .base = base.id};
  owner.tokens.emplace("app", Token(nasty_text()));
  owner.tokens.emplace("other", Token("t"));
  owner.locations.emplace("app", "/a b");
  owner.locations.emplace("unproven", "/c");
  catalogue().set_owner(owner);
  std::optional<Owner> found = catalogue().owner(owner.worktree);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->branch, owner.branch);
  EXPECT_EQ(found->branch_name, owner.branch_name);
  EXPECT_EQ(found->base, base.id);
  EXPECT_EQ(found->tokens, owner.tokens);
  EXPECT_EQ(found->locations, owner.locations);

  owner.tokens.erase("app");
  owner.branch.reset();
  catalogue().set_owner(owner);
  found = catalogue().owner(owner.worktree);
  EXPECT_EQ(found->tokens, owner.tokens);
  EXPECT_FALSE(found->branch);
}

TEST_F(OwnersTest, KeepsWorktreesApart) {
  catalogue().set_owner({.worktree = WorktreeId("a"), .branch_name = "x"});
  catalogue().set_owner({.worktree = WorktreeId("b"), .branch_name = "y"});
  catalogue().remove_owner(WorktreeId("a"));
  ASSERT_EQ(catalogue().owners().size(), 1U);
  EXPECT_EQ(catalogue().owners().front().branch_name, "y");
}

TEST_F(OwnersTest, MovesATipAndKeepsItsNewName) {
  const Snapshot first = some_snapshot(1);
  const Snapshot second = some_snapshot(2);
  catalogue().insert_snapshot(first);
  catalogue().insert_snapshot(second);
  const BranchKey key = new_branch_key();
  catalogue().set_tip({key, "old", first.id});
  catalogue().set_tip({key, "new", second.id});
  ASSERT_EQ(catalogue().tips().size(), 1U);
  EXPECT_EQ(catalogue().tip(key)->branch, "new");
  EXPECT_EQ(catalogue().tip(key)->snapshot, second.id);
  catalogue().remove_tip(key);
  EXPECT_FALSE(catalogue().tip(key));
}

TEST_F(OwnersTest, RefusesATipAtASnapshotThatIsNotThere) {
  EXPECT_THROW(catalogue().set_tip({new_branch_key(), "b", new_snapshot_id()}), Error);
}

}  // namespace
}  // namespace quemsi
