#include "workflow/state_folder.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/worker_lock.hpp"

namespace quemsi {
namespace {

TEST(StateFolderMode, IsTheUsersAloneUnlessGitSharesTheRepository) {
  EXPECT_EQ(state_folder_mode(std::nullopt), 0700U);
  for (const char* text : {"", "umask", "false", "0", "nonsense", "0440", "8", "-1", "group2"}) {
    EXPECT_EQ(state_folder_mode(text), 0700U) << text;
  }
  for (const char* text : {"group", "true", "1", "0660"}) {
    EXPECT_EQ(state_folder_mode(text), 02770U) << text;
  }
  for (const char* text : {"all", "world", "everybody", "2", "0664"}) {
    EXPECT_EQ(state_folder_mode(text), 02775U) << text;
  }
  EXPECT_EQ(state_folder_mode("0640"), 02750U);
  EXPECT_EQ(state_folder_mode("0600"), 0700U);
}

class StateFolder : public WorkflowTest {
 protected:
  /// As on the first command ever.
  void forget() {
    end_command();
    std::filesystem::remove_all(sandbox().state_dir());
  }
  [[nodiscard]] unsigned mode_of(const std::filesystem::path& path) const {
    return static_cast<unsigned>(
        std::filesystem::status(sandbox().state_dir() / path).permissions());
  }
  unsigned mode_of_a_pack() {
    const Snapshot snapshot = take("a");
    sandbox().settle();
    return mode_of("packs/" + project().catalogue().snapshot(snapshot.id)->images[0].packs.at(0));
  }
};

TEST_F(StateFolder, IsTheUsersAloneWhoeverMakesIt) {
  EXPECT_EQ(mode_of(""), 0700U);
  forget();
  static_cast<void>(OperationLock(project()));
  EXPECT_EQ(mode_of(""), 0700U);
  forget();
  static_cast<void>(keep_worker_away(project(), no_progress()));
  EXPECT_EQ(mode_of(""), 0700U);
  forget();
  static_cast<void>(project().catalogue());
  EXPECT_EQ(mode_of(""), 0700U);
  adopt_worktree(project());
  EXPECT_EQ(mode_of_a_pack(), 0400U);
}

TEST_F(StateFolder, IsTheGroupsWhereTheRepositoryIs) {
  git({"config", "core.sharedRepository", "group"});
  forget();
  adopt_worktree(project());
  EXPECT_EQ(mode_of(""), 02770U);
  EXPECT_EQ(mode_of_a_pack(), 0440U);
}

}  // namespace
}  // namespace quemsi
