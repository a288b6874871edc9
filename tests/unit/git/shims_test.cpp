#include "git/shims.hpp"

#include <gtest/gtest.h>

#include "git/hook_slot.hpp"
#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

const Shim sample{.hook = "post-checkout",
                  .text = "#!/bin/sh\n# 2\nrun @QUEMSI_PROGRAM@ now\n",
                  .past = {"#!/bin/sh\n# 1\n@QUEMSI_PROGRAM@\n"}};

TEST(Shims, AreTheFilesOfTheHooksFolder) {
  ASSERT_EQ(shims().size(), 6U);
  for (const Shim& shim : shims()) {
    EXPECT_EQ(shim.text, read_file(std::filesystem::path(QUEMSI_SOURCE_DIR) / "hooks" / shim.hook));
  }
}

TEST(Shims, AreRecognisedWhateverPathStandsInThem) {
  for (const char* path : {"/usr/bin/git-quemsi", "/a b/it's $HOME/`x`/\"q\"", "/''", "/a\nb"}) {
    for (const Shim& shim : {sample, shims().front()}) {
      EXPECT_EQ(match_shim(shim, render_shim(shim, path)), ShimMatch::current) << path;
    }
  }
}

TEST(Shims, OfThePastAreRecognised) {
  EXPECT_EQ(match_shim(sample, "#!/bin/sh\n# 1\n'/old/place'\n"), ShimMatch::past);
}

TEST(Shims, AreNotWhatSomebodyHasEdited) {
  const std::string text = render_shim(sample, "/p");
  EXPECT_EQ(match_shim(sample, text + "echo mine\n"), ShimMatch::none);
  EXPECT_EQ(match_shim(sample, "#!/bin/sh\n# 2\nrun '/p'; rm -r x; '/q' now\n"), ShimMatch::none);
  EXPECT_EQ(match_shim(sample, "#!/bin/sh\n# 2\nrun /p now\n"), ShimMatch::none);
  EXPECT_EQ(match_shim(sample, ""), ShimMatch::none);
  EXPECT_EQ(match_shim(sample, sample.text), ShimMatch::none);
}

TEST(Shims, OfThePastAreReplacedInTheirSlot) {
  const test::TempDir folder;
  const HookSlot slot(folder.path(), sample);
  EXPECT_EQ(slot.state(), HookState::absent);
  write_script(slot.file(), "# 1\n'/old/place'\n");
  EXPECT_EQ(slot.state(), HookState::ours_outdated);
  slot.write("/new/place");
  EXPECT_EQ(slot.state(), HookState::ours);
  EXPECT_EQ(read_file(slot.file()), render_shim(sample, "/new/place"));
  EXPECT_TRUE(slot.remove().empty());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Shims, QuoteForTheShell) {
  EXPECT_EQ(shell_quote("a b"), "'a b'");
  EXPECT_EQ(shell_quote("it's"), R"('it'\''s')");
  EXPECT_EQ(shell_quote(""), "''");
}

}  // namespace
}  // namespace quemsi::git_test
