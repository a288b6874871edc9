#include "fixture.hpp"

namespace quemsi {
namespace {

class JournalTest : public CatalogueTest {};

TEST_F(JournalTest, GivesEntriesBackOldestFirstUntilRemoved) {
  const WorktreeId worktree("main");
  const std::int64_t first = catalogue().write_journal(
      {.worktree = worktree, .kind = "switch", .payload = nasty_text(), .started_at = at(5)});
  const std::int64_t second =
      catalogue().write_journal({.worktree = worktree, .kind = "copies", .payload = "[]"});
  EXPECT_NE(first, second);
  reopen();
  std::vector<JournalEntry> entries = catalogue().journal();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].id, first);
  EXPECT_EQ(entries[0].payload, nasty_text());
  EXPECT_EQ(entries[0].started_at, at(5));
  catalogue().remove_journal(first);
  EXPECT_EQ(catalogue().journal().front().id, second);
}

TEST_F(JournalTest, NeverGivesAnIdTwice) {
  const std::int64_t first =
      catalogue().write_journal({.worktree = WorktreeId("m"), .kind = "k", .payload = ""});
  catalogue().remove_journal(first);
  EXPECT_NE(catalogue().write_journal({.worktree = WorktreeId("m"), .kind = "k", .payload = ""}),
            first);
}

TEST_F(JournalTest, RemembersTheLastOperationOfEachWorktree) {
  EXPECT_FALSE(catalogue().last_history(WorktreeId("a")));
  catalogue().add_history({.worktree = WorktreeId("a"), .kind = "switch", .payload = "1"});
  catalogue().add_history({.worktree = WorktreeId("a"), .kind = "undo", .payload = "2"});
  catalogue().add_history({.worktree = WorktreeId("b"), .kind = "restore", .payload = "3"});
  EXPECT_EQ(catalogue().last_history(WorktreeId("a"))->payload, "2");
}

TEST_F(JournalTest, KeepsTemporaryDatabases) {
  const TemporaryDatabase item{.id = new_image_id(),
                               .database = "app",
                               .snapshot = new_snapshot_id(),
                               .url = nasty_text(),
                               .created_at = at(3)};
  catalogue().add_temporary(item);
  ASSERT_EQ(catalogue().temporaries().size(), 1U);
  EXPECT_EQ(catalogue().temporaries().front().url, item.url);
  catalogue().remove_temporary(item.id);
  EXPECT_TRUE(catalogue().temporaries().empty());
}

}  // namespace
}  // namespace quemsi
