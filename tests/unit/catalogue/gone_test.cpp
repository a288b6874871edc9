#include "fixture.hpp"

namespace quemsi {
namespace {

using GoneTest = CatalogueTest;

TEST_F(GoneTest, RemembersWhenSomethingWasFirstMissed) {
  catalogue().note_gone(GoneKind::branch, nasty_text(), at(5));
  catalogue().note_gone(GoneKind::branch, nasty_text(), at(9));
  catalogue().note_gone(GoneKind::worktree, "w", at(7));
  reopen();
  const std::map<std::string, Timestamp> branches{{nasty_text(), at(5)}};
  EXPECT_EQ(catalogue().gone(GoneKind::branch), branches);
  const std::map<std::string, Timestamp> worktrees{{"w", at(7)}};
  EXPECT_EQ(catalogue().gone(GoneKind::worktree), worktrees);
}

TEST_F(GoneTest, ForgetsWhatIsBack) {
  catalogue().note_gone(GoneKind::branch, "same", at(5));
  catalogue().note_gone(GoneKind::worktree, "same", at(5));
  catalogue().forget_gone(GoneKind::branch, "same");
  EXPECT_TRUE(catalogue().gone(GoneKind::branch).empty());
  EXPECT_EQ(catalogue().gone(GoneKind::worktree).size(), 1U);
}

}  // namespace
}  // namespace quemsi
