#include "cli/parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.hpp"

namespace quemsi::cli {
namespace {

using Words = std::vector<std::string>;
using testing::ElementsAre;

class Parser : public testing::Test {
 protected:
  Parser() {
    syntax_.option("-m,--description", "TEXT", text_, "");
    syntax_.option("--tag", "TAG", tags_, "");
    syntax_.option("-n", "COUNT", count_, "");
    syntax_.flag("-y,--yes", yes_, "");
    syntax_.flag("--yellow", yellow_, "");
    syntax_.optional("FIRST", first_);
    syntax_.optional("SECOND", second_);
  }

  Parsed parse_words(const Words& words) { return parse(syntax_, words); }

  std::string usage_error(const Words& words) {
    try {
      parse_words(words);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "(none)";
  }

  Syntax syntax_;
  std::optional<std::string> text_;
  Words tags_;
  std::optional<std::size_t> count_;
  bool yes_ = false;
  bool yellow_ = false;
  std::optional<std::string> first_;
  std::optional<std::string> second_;
};

TEST_F(Parser, OptionsAndArgumentsMix) {
  EXPECT_EQ(parse_words({"one", "-y", "--tag", "a", "two", "--tag=b"}), Parsed::command);
  EXPECT_EQ(first_, "one");
  EXPECT_EQ(second_, "two");
  EXPECT_TRUE(yes_);
  EXPECT_THAT(tags_, ElementsAre("a", "b"));
}

TEST_F(Parser, ValuesArriveByteForByte) {
  const Words odd{"",      "{}", "%%",  "[a,b]", "--yes", "-x",
                  "--a=b", "=",  "a b", "a\nb",  "\xff",  "'\"\\"};
  for (const std::string& value : odd) {
    parse_words({"-m", value});
    EXPECT_EQ(text_, value);
    parse_words({"--description", value});
    EXPECT_EQ(text_, value);
    parse_words({"--description=" + value});
    EXPECT_EQ(text_, value);
    parse_words({"--", value});
    EXPECT_EQ(first_, value);
  }
}

TEST_F(Parser, AnEmptyValueDoesNotTakeTheNextWord) {
  parse_words({"--description=", "one"});
  EXPECT_EQ(text_, "");
  EXPECT_EQ(first_, "one");
}

TEST_F(Parser, ShortOptionsMayStickTogether) {
  parse_words({"-yn5", "-mtext"});
  EXPECT_TRUE(yes_);
  EXPECT_EQ(count_, 5U);
  EXPECT_EQ(text_, "text");
}

TEST_F(Parser, LongOptionsMayBeCutShort) {
  parse_words({"--desc", "x"});
  EXPECT_EQ(text_, "x");
  EXPECT_EQ(usage_error({"--ye"}), "'--ye' is ambiguous: --yes, --yellow");
}

TEST_F(Parser, AfterTwoDashesEverythingIsAnArgument) {
  parse_words({"--", "-y", "--tag"});
  EXPECT_EQ(first_, "-y");
  EXPECT_EQ(second_, "--tag");
  EXPECT_FALSE(yes_);
}

TEST_F(Parser, TheLastOfSeveralValuesCounts) {
  parse_words({"-m", "a", "-m", "b"});
  EXPECT_EQ(text_, "b");
}

TEST_F(Parser, HelpIsSeenAnywhere) {
  EXPECT_EQ(parse_words({"one", "-h"}), Parsed::help);
  EXPECT_EQ(parse_words({"--help"}), Parsed::help);
}

TEST_F(Parser, ErrorsNameWhatIsWrong) {
  EXPECT_EQ(usage_error({"--tags", "x"}), "unknown option '--tags'; did you mean --tag?");
  EXPECT_EQ(usage_error({"--zzzzzzzz"}), "unknown option '--zzzzzzzz'");
  EXPECT_EQ(usage_error({"--zzzzzzzz=1"}), "unknown option '--zzzzzzzz'");
  EXPECT_EQ(usage_error({"--yes", "-qy"}), "unknown option '-q'");
  EXPECT_EQ(usage_error({"--tag"}), "option --tag wants a value");
  EXPECT_EQ(usage_error({"-m"}), "option --description wants a value");
  EXPECT_EQ(usage_error({"--yes=no"}), "option --yes takes no value");
  EXPECT_EQ(usage_error({"-n", "5x"}), "option -n wants a number, not '5x'");
  EXPECT_EQ(usage_error({"-n", "-1"}), "option -n wants a number, not '-1'");
  EXPECT_EQ(usage_error({"a", "b", "c"}), "one word too many: 'c'");
}

TEST(ParserArguments, RequiredOnesMustBeThere) {
  Syntax syntax;
  std::string snapshot;
  std::string tag;
  syntax.required("SNAPSHOT", snapshot);
  syntax.required("TAG", tag);
  EXPECT_THROW(parse(syntax, {"one"}), UsageError);
  EXPECT_EQ(parse(syntax, {"one", "two"}), Parsed::command);
  EXPECT_EQ(tag, "two");
}

TEST_F(Parser, DoesNotDependOnTheEnvironment) {
  setenv("POSIXLY_CORRECT", "1", 1);
  parse_words({"one", "--yes"});
  unsetenv("POSIXLY_CORRECT");
  EXPECT_TRUE(yes_);
}

}  // namespace
}  // namespace quemsi::cli
