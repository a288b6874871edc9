#include "cli/pager.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"
#include "util/fd.hpp"

namespace quemsi::cli {
namespace {

TEST(Pager, OnlyForATerminalThatIsNotPagedAlready) {
  EXPECT_EQ(choose_pager({.terminal = false}), std::nullopt);
  EXPECT_EQ(choose_pager({.terminal = true, .in_use = true}), std::nullopt);
  EXPECT_EQ(choose_pager({.terminal = true}), "less");
}

TEST(Pager, IsChosenInGitsOrder) {
  PagerSources sources{.terminal = true, .pager = "more"};
  EXPECT_EQ(choose_pager(sources), "more");
  sources.core_pager = "delta";
  EXPECT_EQ(choose_pager(sources), "delta");
  sources.git_pager = "most";
  EXPECT_EQ(choose_pager(sources), "most");
  sources.pager_quemsi = "bat";
  EXPECT_EQ(choose_pager(sources), "bat");
  sources.pager_quemsi = "true";
  EXPECT_EQ(choose_pager(sources), "most");
}

TEST(Pager, CanBeSwitchedOff) {
  EXPECT_EQ(choose_pager({.terminal = true, .pager_quemsi = "false"}), std::nullopt);
  EXPECT_EQ(choose_pager({.terminal = true, .git_pager = "cat"}), std::nullopt);
  EXPECT_EQ(choose_pager({.terminal = true, .git_pager = ""}), std::nullopt);
}

TEST(Pager, GetsTheWholeText) {
  const test::TempDir dir;
  const auto file = dir.path() / "seen";
  const std::string text(200000, 'x');
  ASSERT_TRUE(show_in_pager("cat > '" + file.string() + "'", text));
  EXPECT_EQ(read_text_file(file), text);
}

TEST(Pager, ThatLeavesEarlyDoesNotKillUs) {
  const std::string text(2000000, 'x');
  EXPECT_TRUE(show_in_pager("exec true", text));
}

}  // namespace
}  // namespace quemsi::cli
