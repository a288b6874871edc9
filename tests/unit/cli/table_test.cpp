#include "cli/table.hpp"

#include <gtest/gtest.h>

namespace quemsi::cli {
namespace {

TEST(Table, ColumnsLineUpByDisplayWidth) {
  Table table;
  table.row({{"na\xc3\xafve"}, {"x"}});
  table.row({{"abcdefg"}, {"y"}});
  EXPECT_EQ(table.render(Style(), 0), "na\xc3\xafve    x\nabcdefg  y\n");
}

TEST(Table, OnlyTheLastColumnIsCut) {
  Table table;
  table.row({{"abcdef"}, {"0123456789abcdef"}});
  EXPECT_EQ(table.render(Style(), 18), "abcdef  012345678\xe2\x80\xa6\n");
}

TEST(Table, AnEmptyColumnTakesNoRoom) {
  Table table;
  table.row({{"a"}, {""}, {"b"}});
  table.row({{"c"}, {""}, {"d"}});
  EXPECT_EQ(table.render(Style(), 0), "a  b\nc  d\n");
}

TEST(Table, NoLineEndsWithBlanks) {
  Table table;
  table.row({{"a"}, {"bbb"}, {"c"}});
  table.row({{"a"}, {""}, {""}});
  EXPECT_EQ(table.render(Style(), 0), "a  bbb  c\na\n");
}

TEST(Table, ColoursDoNotCountAsWidth) {
  Table table;
  table.row({{"a", Colour::red}, {"b"}});
  table.row({{"cc"}, {"d"}});
  EXPECT_EQ(table.render(Style(true), 0), "\x1b[31ma\x1b[m   b\ncc  d\n");
}

}  // namespace
}  // namespace quemsi::cli
