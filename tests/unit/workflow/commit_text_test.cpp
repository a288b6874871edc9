#include "workflow/commit_text.hpp"

#include <gtest/gtest.h>

namespace quemsi {
namespace {

constexpr const char* help = "\n# Please enter the commit message for your changes.\n# On main\n";

TEST(CommitText, CommentsAndWhatIsBelowTheScissorsIsNotKept) {
  const std::string text = std::string("Subject\n\nBody\n") + help +
                           "# ------------------------ >8 ------------------------\n"
                           "# Do not modify\ndiff --git a/x b/x\n+Quemsi-Snapshot: of the diff\n";
  EXPECT_EQ(kept_text(text, "#"), "Subject\n\nBody");
  EXPECT_TRUE(is_empty_message(kept_text(help, "#")));
}

TEST(CommitText, WithoutAnEditorEveryLineIsKept) {
  const std::string comment = comment_start("x", "#", false);
  EXPECT_EQ(kept_text("x\n\n# heading\n", comment), "x\n\n# heading");
}

TEST(CommitText, TheCommentCharacterIsWhatIsConfiguredOrShown) {
  EXPECT_EQ(comment_start("x\n", std::nullopt, true), "#");
  EXPECT_EQ(comment_start("x\n", "//", true), "//");
  EXPECT_EQ(comment_start("# mine\n\n; Please enter\n; On main\n", "auto", true), ";");
  EXPECT_EQ(comment_start("; ------------------------ >8 ------------------------\n# diff\n",
                          "auto", true),
            ";");
}

TEST(CommitText, SignOffsAloneAreEmpty) {
  EXPECT_TRUE(is_empty_message(""));
  EXPECT_TRUE(is_empty_message("\nSigned-off-by: A <a@b>\n"));
  EXPECT_FALSE(is_empty_message("x\n\nSigned-off-by: A <a@b>\n"));
}

TEST(CommitText, KnowsWhatAutosquashLooksFor) {
  for (const char* subject : {"fixup! x", "squash! x", "amend! x"}) {
    EXPECT_TRUE(is_for_autosquash(subject));
  }
  EXPECT_FALSE(is_for_autosquash("fixup of x"));
}

}  // namespace
}  // namespace quemsi
