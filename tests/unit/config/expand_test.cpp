#include "config/expand.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/dotenv.hpp"
#include "unit/config/project.hpp"

namespace quemsi::config {
namespace {

using test::Project;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;

struct Expanded {
  const char* text;
  const char* expected;
};

class Expand : public testing::TestWithParam<Expanded> {};

TEST_P(Expand, GivesTheExpectedText) {
  Project project;
  project.environment = {{"HOST", "db.local"}, {"EMPTY", ""}, {"HELD", "${HOST}"}};
  Variables variables(project.sources);
  EXPECT_EQ(expand(GetParam().text, variables, "here"), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, Expand,
    testing::Values(Expanded{"", ""}, Expanded{"plain", "plain"},
                    Expanded{"a://${HOST}/x", "a://db.local/x"},
                    Expanded{"${HOST}${HOST}", "db.localdb.local"}, Expanded{"[${EMPTY}]", "[]"},
                    Expanded{"${EMPTY:-x}", "x"}, Expanded{"${UNSET:-x}", "x"},
                    Expanded{"${HOST:-x}", "db.local"}, Expanded{"${UNSET:-}", ""},
                    Expanded{"${UNSET:-a:-b}", "a:-b"}, Expanded{"${UNSET:-${HOST}}", "db.local"},
                    Expanded{"${UNSET:-${ALSO:-y}}z", "yz"}, Expanded{"${UNSET:-$$}", "$"},
                    Expanded{"$HOST", "$HOST"}, Expanded{"$$", "$"},
                    Expanded{"$${HOST}", "${HOST}"}, Expanded{"$$${HOST}", "$db.local"},
                    Expanded{"a$", "a$"}, Expanded{"}{", "}{"}, Expanded{"${HELD}", "${HOST}"}));

std::string expansion_error(const std::string& text) {
  Project project;
  Variables variables(project.sources);
  try {
    expand(text, variables, ".quemsi.yml:3");
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + (error.hints().empty() ? "" : error.hints()[0]);
  }
  return "expands";
}

TEST(ExpandErrors, NamePlaceVariableAndRemedy) {
  EXPECT_EQ(expansion_error("a://${DB_HOST}/x"),
            ".quemsi.yml:3: the variable DB_HOST is not set | "
            "set it in the environment or as a line DB_HOST=... in .env");
  EXPECT_THAT(expansion_error("${DB_HOST"), StartsWith(".quemsi.yml:3: a ${ is never closed"));
  EXPECT_THAT(expansion_error("${}"), HasSubstr("'' is no name of a variable"));
  EXPECT_THAT(expansion_error("${A B}"), HasSubstr("'A B' is no name of a variable"));
  EXPECT_THAT(expansion_error("${1A:-x}"), HasSubstr("'1A' is no name of a variable"));
}

TEST(ExpandErrors, AFloodOfVariablesIsCutShort) {
  Project project;
  project.environment["BIG"] = std::string(5000, 'x');
  Variables variables(project.sources);
  EXPECT_THROW(expand("${BIG}${BIG}${BIG}", variables, "here"), Error);
  std::string nested = "x";
  for (int i = 0; i < 20; ++i) nested.insert(0, "${UNSET:-").append("}");
  EXPECT_THROW(expand(nested, variables, "here"), Error);
}

TEST(Expand, EscapedTextComesBack) {
  Project project;
  Variables variables(project.sources);
  for (const std::string text : {"a$b", "$", "${HOST}", "$$", "plain"}) {
    EXPECT_EQ(expand(escape_for_expand(text), variables, "here"), text);
  }
}

TEST(Variables, EnvironmentWinsOverDotenvWinsOverTheCallers) {
  Project project;
  project.write(".env", "A=dotenv\nB=dotenv\n");
  project.environment = {{"A", "environment"}};
  project.sources.variables = {{"A", "caller"}, {"B", "caller"}, {"worktree", "caller"}};
  Variables variables(project.sources);
  EXPECT_EQ(variables.find("A"), "environment");
  EXPECT_EQ(variables.find("B"), "dotenv");
  EXPECT_EQ(variables.find("worktree"), "caller");
  EXPECT_EQ(variables.find("C"), std::nullopt);
}

TEST(Variables, DotenvIsOnlyReadWhenItIsNeeded) {
  Project project;
  std::filesystem::create_directory(project.top() / ".env");
  project.environment = {{"A", "x"}};
  Variables variables(project.sources);
  EXPECT_EQ(variables.find("A"), "x");
  EXPECT_THROW(variables.find("B"), Error);
}

TEST(Dotenv, ReadsWhatDotenvToolsWrite) {
  const auto variables = parse_dotenv(
      "\xEF\xBB\xBF# a comment\r\n"
      "PLAIN=one two \r\n"
      "\r\n"
      "export EXPORTED = three # a comment\n"
      "HASH=a#b\n"
      "SINGLE='it \\n $HOME # is literal' # a comment\n"
      "DOUBLE=\"line\\nbreak \\\"quoted\\\" \\$ \\q\"\n"
      "LINES=\"first\nsecond\"\n"
      "EMPTY=\n"
      "COMMENTED=# nothing\n"
      "EQUALS=postgres://u:p@h/d?a=b\n"
      "not an assignment\n"
      "1BAD=x\n"
      "BAD KEY=x\n"
      "exported=lower\n"
      "OPEN=\"never closed\n"
      "PLAIN=last wins");
  EXPECT_THAT(
      variables,
      ElementsAre(Pair("COMMENTED", ""), Pair("DOUBLE", "line\nbreak \"quoted\" $ \\q"),
                  Pair("EMPTY", ""), Pair("EQUALS", "postgres://u:p@h/d?a=b"),
                  Pair("EXPORTED", "three"), Pair("HASH", "a#b"), Pair("LINES", "first\nsecond"),
                  Pair("OPEN", "\"never closed"), Pair("PLAIN", "last wins"),
                  Pair("SINGLE", "it \\n $HOME # is literal"), Pair("exported", "lower")));
}

TEST(Dotenv, NamesStandForWhatTheEnvironmentOrALineBeforeGives) {
  const Lookup environment = [](const std::string& name) {
    return name == "HOST" ? std::optional<std::string>("real") : std::nullopt;
  };
  const auto variables = parse_dotenv(
      "HOST=hidden\nUSER=ann\nURL=a://${USER}@${HOST}/${LATER}\nSAME=\"${USER}!\"\n"
      "LITERAL='${USER}'\nLATER=x\nOPEN=${USER\n",
      environment);
  EXPECT_EQ(variables.at("URL"), "a://ann@real/${LATER}");
  EXPECT_EQ(variables.at("SAME"), "ann!");
  EXPECT_EQ(variables.at("LITERAL"), "${USER}");
  EXPECT_EQ(variables.at("OPEN"), "${USER");
}

TEST(Dotenv, NothingInItIsExecuted) {
  const auto variables = parse_dotenv("A=$(touch /tmp/x)\nB=`id`\nC=\"$(id)\"\n");
  EXPECT_EQ(variables.at("A"), "$(touch /tmp/x)");
  EXPECT_EQ(variables.at("B"), "`id`");
  EXPECT_EQ(variables.at("C"), "$(id)");
}

}  // namespace
}  // namespace quemsi::config
