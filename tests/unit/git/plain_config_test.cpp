#include "git/plain_config.hpp"

#include <gtest/gtest.h>

namespace quemsi {
namespace {

std::string value_of(std::string_view line) {
  const auto entries = parse_plain_config("[a]\n" + std::string(line) + "\n");
  if (!entries) return "(asks git)";
  return entries->empty() ? "(nothing)" : entries->back().value.value_or("(true)");
}

TEST(PlainConfig, ReadsSectionsSubsectionsAndValues) {
  const auto entries = parse_plain_config(
      "# comment\n[Core]\n\tBare = false\n\n[branch \"a.b/\\\"c\\\\\"]\n\tquemsi = klm ; why\n");
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_EQ((*entries)[0].section, "core");
  EXPECT_EQ((*entries)[0].key, "bare");
  EXPECT_EQ((*entries)[0].value, "false");
  EXPECT_EQ((*entries)[1].section, "branch");
  EXPECT_EQ((*entries)[1].subsection, "a.b/\"c\\");
  EXPECT_EQ((*entries)[1].value, "klm");
}

TEST(PlainConfig, ReadsASettingOnTheLineOfItsHeader) {
  const auto entries = parse_plain_config("[core] bare = true\n");
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 1U);
  EXPECT_TRUE(entries->front().value == "true");
}

TEST(PlainConfig, ReadsValuesAsGitDoes) {
  EXPECT_EQ(value_of("b = one two  "), "one two");
  EXPECT_EQ(value_of("b = \" one # two \" # three"), " one # two ");
  EXPECT_EQ(value_of(R"(b = "a\tb\"c\\")"), "a\tb\"c\\");
  EXPECT_EQ(value_of("b ="), "");
  EXPECT_EQ(value_of("b"), "(true)");
  EXPECT_EQ(value_of("b ; comment"), "(true)");
  EXPECT_EQ(value_of("b = c\r"), "c");
}

TEST(PlainConfig, LeavesWhatIsRareOrDamagedToGit) {
  EXPECT_FALSE(parse_plain_config("[a]\nb = one\\\ntwo\n"));
  EXPECT_FALSE(parse_plain_config("[a.b]\nc = d\n"));
  EXPECT_FALSE(parse_plain_config("[a\nb = c\n"));
  EXPECT_FALSE(parse_plain_config("[a \"b]\nc = d\n"));
  EXPECT_FALSE(parse_plain_config("b = c\n"));
  EXPECT_FALSE(parse_plain_config("\xef\xbb\xbf[a]\nb = c\n"));
  EXPECT_EQ(value_of("b = \"open"), "(asks git)");
  EXPECT_EQ(value_of(R"(b = \q)"), "(asks git)");
  EXPECT_EQ(value_of("b c = d"), "(asks git)");
}

}  // namespace
}  // namespace quemsi
