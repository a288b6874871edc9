#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

#include "unit/config/project.hpp"

namespace quemsi {
namespace {

using test::Project;
using testing::HasSubstr;
using testing::StartsWith;

struct Mistake {
  const char* name;
  std::string text;
  std::string expected;  ///< how message and hints begin
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

/// "a tab" becomes "a_tab": CTest knows each by it.
std::string name_of(const testing::TestParamInfo<Mistake>& info) {
  std::string name = info.param.name;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

class FileMistake : public testing::TestWithParam<Mistake> {};

TEST_P(FileMistake, IsToldWithLineAndRemedy) {
  Project project;
  project.write(".quemsi.yml", GetParam().text);
  EXPECT_THAT(project.error_text(), StartsWith(GetParam().expected));
}

const char* const good = "databases:\n  app: sqlite:a.db\n";

INSTANTIATE_TEST_SUITE_P(
    Keys, FileMistake,
    testing::Values(
        Mistake{"unknown", "version: 1\n\ndatabses:\n  app: sqlite:a\n",
                ".quemsi.yml:3: unknown key 'databses' | did you mean 'databases'?"},
        Mistake{"unknown below a group", std::string(good) + "follow:\n  branchs: true\n",
                ".quemsi.yml:4: unknown key 'follow.branchs' | did you mean 'follow.branches'?"},
        Mistake{"far from all", std::string(good) + "colour: red\n",
                ".quemsi.yml:3: unknown key 'colour' | the keys are: databases, version, "},
        Mistake{"duplicate", "warm: 1\nversion: 1\nwarm: 2\n",
                ".quemsi.yml:3: duplicate key 'warm', first on line 1"},
        Mistake{"duplicate in two spellings", "follow:\n  branches: true\nfollow.branches: false\n",
                ".quemsi.yml:3: duplicate key 'follow.branches', first on line 2"},
        Mistake{"duplicate database", "databases:\n  app: sqlite:a\n  \"app\": sqlite:b\n",
                ".quemsi.yml:3: duplicate key 'app', first on line 2"},
        Mistake{"key that is a list", "? [a, b]\n: 1\n", ".quemsi.yml:1: a key must be plain text"},
        Mistake{"key that is nothing", "~: 1\n", ".quemsi.yml:1: a key must be plain text"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Values, FileMistake,
    testing::Values(
        Mistake{"number", std::string(good) + "warm: lots\n",
                ".quemsi.yml:3: 'warm' must be a number from 0 to 100, not 'lots'"},
        Mistake{"word", std::string(good) + "definers: drop\n",
                ".quemsi.yml:3: 'definers' must be auto, keep or rewrite, not 'drop'"},
        Mistake{"newer version", "version: 2\n" + std::string(good),
                ".quemsi.yml:1: 'version' must be 1, the only version that this git-quemsi reads, "
                "not '2'"},
        Mistake{"a list for a number", std::string(good) + "warm: [1]\n",
                ".quemsi.yml:3: 'warm' must be a number from 0 to 100, not a list"},
        Mistake{"nothing for a number", std::string(good) + "warm:\n",
                ".quemsi.yml:3: 'warm' must be a number from 0 to 100, not nothing"},
        Mistake{"a value for a group", std::string(good) + "follow: true\n",
                ".quemsi.yml:3: 'follow' must hold settings, not a single value"},
        Mistake{"a password in the wrong place", std::string(good) + "warm: a://u:secret@h/d\n",
                ".quemsi.yml:3: 'warm' must be a number from 0 to 100, not 'a://u:***@h/d'"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Databases, FileMistake,
    testing::Values(
        Mistake{"none", "version: 1\n", ".quemsi.yml: names no database | write `databases:`"},
        Mistake{"empty map", "databases: {}\n", ".quemsi.yml: names no database"},
        Mistake{"a list", "databases:\n  - sqlite:a\n",
                ".quemsi.yml:1: 'databases' must hold a name and a URL a line, not a list"},
        Mistake{"a URL alone", "databases: a://u:secret@h/d\n",
                ".quemsi.yml:1: 'databases' must hold a name and a URL a line, not a single value"},
        Mistake{"no URL", "databases:\n  app:\n",
                ".quemsi.yml:2: the database 'app' must have a URL, not nothing"},
        Mistake{"empty URL", "databases:\n  app: ''\n",
                ".quemsi.yml:2: the URL of the database 'app' is empty"},
        Mistake{"empty default", "databases:\n  app: ${X:-}\n",
                ".quemsi.yml:2: the URL of the database 'app' is empty"},
        Mistake{"map without url", "databases:\n  app:\n    engine: sqlite\n",
                ".quemsi.yml:2: the database 'app' has no `url`"},
        Mistake{"unknown part", "databases:\n  app:\n    uri: x\n",
                ".quemsi.yml:3: unknown key 'uri' in the database 'app'"},
        Mistake{"list for url", "databases:\n  app:\n    url: [x]\n",
                ".quemsi.yml:3: the url of the database 'app' must be text, not a list"},
        Mistake{"odd engine", "databases:\n  app:\n    url: x\n    engine: ../evil\n",
                ".quemsi.yml:3: the engine of the database 'app' must be a name such as"},
        Mistake{"empty name", "databases:\n  '': x\n",
                ".quemsi.yml:2: the name of the database '' is empty"},
        Mistake{"long name", "databases:\n  " + std::string(201, 'x') + ": y\n",
                ".quemsi.yml:2: the name of the database 'xxx"},
        Mistake{"control character in a name", "databases:\n  \"a\\e[31mb\": y\n",
                ".quemsi.yml:2: the name of the database 'a?[31mb' holds a control character"},
        Mistake{"line end in a URL", "databases:\n  app: \"sqlite:a\\nb\"\n",
                ".quemsi.yml:2: the URL of the database 'app' holds a control character"},
        Mistake{"merge key", "databases:\n  a: &x {url: y}\n  <<: *x\n",
                ".quemsi.yml:2: YAML's merge key '<<' is not read"},
        Mistake{"two at signs", "databases:\n  app: postgresql://u:se@cret@h/d\n",
                ".quemsi.yml:2: the URL of the database 'app' has a '@', '?' or '#' in its user"},
        Mistake{"missing variable", "databases:\n  app: sqlite:a\n  b:\n    url: ${NOPE}\n",
                ".quemsi.yml:4: the variable NOPE is not set"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Yaml, FileMistake,
    testing::Values(
        Mistake{"empty", "", ".quemsi.yml: names no database"},
        Mistake{"only comments", "# nothing\n", ".quemsi.yml: names no database"},
        Mistake{"a list", "- a\n- b\n",
                ".quemsi.yml:1: must hold keys and values, not a list | write `databases:`"},
        Mistake{"a word", "# hello\nhello\n",
                ".quemsi.yml:2: must hold keys and values, not a single value"},
        Mistake{"syntax", "databases:\n  app: [sqlite\nwarm: 2\n",
                ".quemsi.yml:3: is not valid YAML"},
        Mistake{"a tab", "databases:\n\tapp: x\n", ".quemsi.yml:2: is not valid YAML: "},
        Mistake{"two documents", std::string(good) + "---\n" + good,
                ".quemsi.yml:3: a second document begins"},
        Mistake{"UTF 16", std::string("\xFF\xFEv\0", 4), ".quemsi.yml:1: is not UTF-8"},
        Mistake{"Latin-1", "# ok\n# caf\xE9\n", ".quemsi.yml:2: is not UTF-8"},
        Mistake{"NUL", std::string("a: 1\nb: \0\n", 10),
                ".quemsi.yml:2: holds a control character"},
        Mistake{"old Mac line ends", "a: 1\rb: 2\r", ".quemsi.yml:1: holds a control character"}),
    name_of);

TEST(FileErrors, ATabIsNamedAsTheCause) {
  Project project;
  project.write(".quemsi.yml", "databases:\n\tapp: x\n");
  EXPECT_THAT(project.error_text(), HasSubstr("indent with spaces"));
}

TEST(FileErrors, TheLocalFileIsNamedWhenItIsWrong) {
  Project project;
  project.write(".quemsi.yml", good);
  project.write(".quemsi.local.yml", "warm: x\n");
  EXPECT_THAT(project.error_text(), StartsWith(".quemsi.local.yml:1: 'warm' must be"));
}

TEST(FileErrors, OtherSourcesAreNamedAsTheUserWouldSetThem) {
  Project project;
  project.write(".quemsi.yml", good);
  project.sources.git_config = {{"busytimeout", "soon"}};
  EXPECT_THAT(project.error_text(), StartsWith("git config quemsi.busyTimeout: 'busy_timeout'"));
  project.sources.git_config.clear();
  project.environment = {{"QUEMSI_FOLLOW_BRANCHES", "perhaps"}};
  EXPECT_THAT(project.error_text(), StartsWith("QUEMSI_FOLLOW_BRANCHES: 'follow.branches' must"));
  project.environment.clear();
  project.sources.flags = {{"warm", "x"}};
  EXPECT_THAT(project.error_text(), StartsWith("--config warm: 'warm' must be"));
  project.sources.flags = {{"wram", "1"}};
  EXPECT_EQ(project.error_text(), "--config: unknown key 'wram' | did you mean 'warm'?");
  project.sources.flags = {{"version", "1"}};
  EXPECT_EQ(project.error_text(), "--config: 'version' can only stand in .quemsi.yml");
  project.sources.flags = {{"databases.ap", "sqlite:x"}};
  EXPECT_EQ(project.error_text(), "--config: there is no database 'ap' | did you mean 'app'?");
}

}  // namespace
}  // namespace quemsi
