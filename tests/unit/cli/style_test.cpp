#include "cli/style.hpp"

#include <gtest/gtest.h>

namespace quemsi::cli {
namespace {

TEST(Style, ColourGoesToATerminalOnly) {
  EXPECT_TRUE(wants_colour({.terminal = true}));
  EXPECT_FALSE(wants_colour({.terminal = false}));
}

TEST(Style, AlwaysColoursAPipe) { EXPECT_TRUE(wants_colour({.color_ui = "always"})); }

TEST(Style, ColorQuemsiWinsOverColorUi) {
  EXPECT_FALSE(wants_colour({.color_quemsi = "never", .color_ui = "always", .terminal = true}));
  EXPECT_TRUE(wants_colour({.color_quemsi = "always", .color_ui = "never"}));
}

TEST(Style, NoColorCountsUnlessConfigured) {
  EXPECT_FALSE(wants_colour({.no_color = true, .terminal = true}));
  EXPECT_TRUE(wants_colour({.color_ui = "auto", .no_color = true, .terminal = true}));
}

TEST(Style, WithoutColourTextStaysAsItIs) {
  EXPECT_EQ(Style(false).paint(Colour::red, "x"), "x");
  EXPECT_EQ(Style(true).paint(Colour::red, "x"), "\x1b[31mx\x1b[m");
}

}  // namespace
}  // namespace quemsi::cli
