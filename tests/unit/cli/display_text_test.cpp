#include "cli/display_text.hpp"

#include <gtest/gtest.h>

#include "util/text.hpp"

namespace quemsi::cli {
namespace {

TEST(DisplayText, NothingThatSteersATerminalGetsThrough) {
  EXPECT_EQ(printable("a\x1b[31mb\r\n\tc\x7f"), "a [31mb   c ");
  EXPECT_EQ(printable("a\xc2\x9b"
                      "31m"),
            "a 31m");  // C1: CSI in one character
}

TEST(DisplayText, InvalidBytesBecomeReplacementCharacters) {
  const std::string shown = printable("a\xff\xc3(\xe2\x82");
  EXPECT_TRUE(is_valid_utf8(shown));
  EXPECT_EQ(shown, "a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(DisplayText, LinesAreKeptWhereAsked) { EXPECT_EQ(printable_lines("a\nb\tc"), "a\nb c"); }

TEST(DisplayText, WidthCountsColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("na\xc3\xafve"), 5U);
  EXPECT_EQ(display_width("nai\xcc\x88ve"), 5U);             // a combining mark
  EXPECT_EQ(display_width("\xe6\x97\xa5\xe6\x9c\xac"), 4U);  // two wide characters
}

TEST(DisplayText, FitNeverExceedsTheWidthAndMarksTheCut) {
  EXPECT_EQ(fit("abc", 3), "abc");
  EXPECT_EQ(fit("abcd", 3), "ab\xe2\x80\xa6");
  const std::string wide = "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e";
  for (std::size_t width = 0; width < 8; ++width) EXPECT_LE(display_width(fit(wide, width)), width);
}

TEST(DisplayText, ShellWordsSurviveAShell) {
  EXPECT_EQ(shell_word("before-import"), "before-import");
  EXPECT_EQ(shell_word("my tag"), "'my tag'");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(DisplayText, IndentLeavesEmptyLinesEmpty) { EXPECT_EQ(indent("a\n\nb", "  "), "  a\n\n  b"); }

}  // namespace
}  // namespace quemsi::cli
