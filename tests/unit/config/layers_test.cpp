#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/project.hpp"

namespace quemsi {
namespace {

using test::Project;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

std::string told(const ConfigOrigin& origin) {
  std::string text(to_string(origin.layer));
  if (origin.line != 0) text += " " + origin.file + ":" + std::to_string(origin.line);
  return text;
}

std::vector<std::string> chain(const ConfigSetting& setting) {
  std::vector<std::string> texts{setting.value, told(setting.origin)};
  for (const ConfigOrigin& origin : setting.overrides) texts.push_back(told(origin));
  return texts;
}

TEST(Layers, WithoutAFileThereIsNoConfiguration) {
  Project project;
  project.sources.flags = {{"warm", "1"}};
  EXPECT_EQ(load_config(project.sources), std::nullopt);
}

TEST(Layers, TheSmallestFileGetsTheDefaults) {
  Project project;
  project.write(".quemsi.yml", "databases:\n  app: sqlite:db/app.sqlite3\n");
  const Config config = project.load();
  EXPECT_THAT(config.databases, ElementsAre(Field(&DatabaseSpec::name, "app")));
  EXPECT_EQ(config.databases[0].url, "sqlite:db/app.sqlite3");
  EXPECT_EQ(config.databases[0].engine, "") << "its scheme tells";
  EXPECT_TRUE(config.follow);
  EXPECT_EQ(config.warm, 2);
  EXPECT_EQ(config.parked_budget, 10ULL << 30);
  EXPECT_EQ(config.busy_timeout.count(), 5000);
  EXPECT_THAT(chain(project.setting("warm")), ElementsAre("2", "built in"));
}

TEST(Layers, TheLocalFileAloneIsEnough) {
  Project project;
  project.write(".quemsi.local.yml", "databases: {app: 'sqlite:x'}\n");
  EXPECT_EQ(project.url("app"), "sqlite:x");
}

TEST(Layers, AnEmptyLocalFileChangesNothing) {
  Project project;
  project.write(".quemsi.yml", "databases:\n  app: sqlite:a\n");
  project.write(".quemsi.local.yml", "# databases:\n");
  EXPECT_EQ(project.url("app"), "sqlite:a");
}

TEST(Layers, EachOverridesTheOnesBeforeAndSaysWhich) {
  Project project;
  project.write(".quemsi.yml", "# a comment\nwarm: 3\ndatabases:\n  app: sqlite:a\n");
  EXPECT_THAT(chain(project.setting("warm")),
              ElementsAre("3", ".quemsi.yml .quemsi.yml:2", "built in"));
  project.write(".quemsi.local.yml", "warm: 4\n");
  project.sources.git_config = {{"warm", "5"}};
  project.environment = {{"QUEMSI_WARM", "6"}};
  project.sources.flags = {{"warm", "7"}};
  EXPECT_EQ(project.load().warm, 7);
  EXPECT_THAT(chain(project.setting("warm")),
              ElementsAre("7", "--config", "environment", "git config",
                          ".quemsi.local.yml .quemsi.local.yml:1", ".quemsi.yml .quemsi.yml:2",
                          "built in"));
  project.sources.flags.clear();
  EXPECT_EQ(project.load().warm, 6);
  project.environment["QUEMSI_WARM"] = "";
  EXPECT_EQ(project.load().warm, 5) << "an empty variable counts as none";
  project.sources.git_config.clear();
  EXPECT_EQ(project.load().warm, 4);
}

TEST(Layers, DefinersAreSaidInAWord) {
  Project project;
  project.write(".quemsi.yml", "databases:\n  app: sqlite:a\n");
  EXPECT_EQ(project.load().definers, DefinerPolicy::automatic);
  project.write(".quemsi.local.yml", "definers: keep\n");
  EXPECT_EQ(project.load().definers, DefinerPolicy::keep);
  project.environment = {{"QUEMSI_DEFINERS", "rewrite"}};
  EXPECT_EQ(project.load().definers, DefinerPolicy::rewrite);
  project.sources.flags = {{"definers", "auto"}};
  EXPECT_EQ(project.load().definers, DefinerPolicy::automatic);
}

TEST(Layers, KeysAreOverriddenOneByOne) {
  Project project;
  project.write(".quemsi.yml",
                "warm: 3\nfollow:\n  branches: no\nbusy_timeout: 500ms\n"
                "databases:\n  app: sqlite:a\n");
  project.write(".quemsi.local.yml", "follow.branches: yes\n");
  const Config config = project.load();
  EXPECT_EQ(config.warm, 3);
  EXPECT_TRUE(config.follow);
  EXPECT_EQ(config.busy_timeout.count(), 500);
}

TEST(Layers, ALocalFileReplacesAndAddsDatabasesByName) {
  Project project;
  project.write(".quemsi.yml",
                "databases:\n  app: {url: 'x://h/a', engine: postgresql}\n  log: sqlite:log\n");
  project.write(".quemsi.local.yml", "databases:\n  own: sqlite:own\n  app: sqlite:mine\n");
  const Config config = project.load();
  ASSERT_EQ(config.databases.size(), 3);
  EXPECT_EQ(config.databases[0].name, "app");
  EXPECT_EQ(config.databases[0].url, "sqlite:mine");
  EXPECT_EQ(config.databases[0].engine, "") << "the entry is replaced as a whole";
  EXPECT_EQ(config.databases[1].name, "log");
  EXPECT_EQ(config.databases[2].name, "own");
  EXPECT_THAT(chain(project.setting("databases.app")),
              ElementsAre("sqlite:mine", ".quemsi.local.yml .quemsi.local.yml:3",
                          ".quemsi.yml .quemsi.yml:2"));
}

TEST(Layers, AFlagReplacesTheUrlOfAKnownDatabase) {
  Project project;
  project.write(".quemsi.yml", "databases:\n  my.app: sqlite:a\n");
  project.sources.flags = {{"databases.my.app", "sqlite:b"}};
  EXPECT_EQ(project.url("my.app"), "sqlite:b");
}

TEST(Layers, AnOverriddenUrlNeedsNoVariable) {
  Project project;
  project.write(".quemsi.yml", "databases:\n  app: ${NOT_SET_HERE}\n");
  project.write(".quemsi.local.yml", "databases:\n  app: sqlite:mine\n");
  EXPECT_EQ(project.url("app"), "sqlite:mine");
}

TEST(Layers, GitConfigIsReadWhateverItsCaseAndOtherKeysAreLeftAlone) {
  Project project;
  project.write(".quemsi.yml", "databases:\n  app: sqlite:a\n");
  project.sources.git_config = {
      {"followbranches", "off"}, {"parkedBudget", "1k"}, {"allowhost", "db.example"}};
  EXPECT_FALSE(project.load().follow);
  EXPECT_EQ(project.load().parked_budget, 1024);
}

TEST(Layers, AnEntryWithUrlAndEngineIsRead) {
  Project project;
  project.write(".quemsi.yml",
                "databases:\n  'großer Name: #1':\n    engine: mysql\n    url: "
                "host=h password='p w'\n");
  const Config config = project.load();
  ASSERT_EQ(config.databases.size(), 1);
  EXPECT_EQ(config.databases[0].name, "großer Name: #1");
  EXPECT_EQ(config.databases[0].engine, "mysql");
  EXPECT_EQ(config.databases[0].url, "host=h password='p w'");
  EXPECT_EQ(project.setting("databases.großer Name: #1").value, "host=h password=***");
  EXPECT_EQ(project.setting("databases.großer Name: #1.engine").value, "mysql");
}

TEST(Layers, WindowsLineEndsAndAByteOrderMarkAreRead) {
  Project project;
  project.write(".quemsi.yml", "\xEF\xBB\xBFversion: 1\r\ndatabases:\r\n  app: sqlite:a\r\n");
  EXPECT_EQ(project.url("app"), "sqlite:a");
  EXPECT_EQ(project.setting("databases.app").origin.line, 3);
}

TEST(Layers, AliasesWithinReasonAreRead) {
  Project project;
  project.write(".quemsi.yml", "databases:\n  a: &x {url: 'sqlite:${N:-a}'}\n  b: *x\n");
  EXPECT_EQ(project.url("b"), "sqlite:a");
}

TEST(Layers, VariablesComeFromEnvironmentDotenvAndTheWorktree) {
  Project project;
  project.write(".env", "export DB_PASSWORD='p w'\n");
  project.environment = {{"DB_USER", "ann"}};
  project.sources.variables = {{"worktree", "w2"}};
  project.write(".quemsi.yml",
                "databases:\n  app: "
                "postgresql://${DB_USER}:${DB_PASSWORD}@${H:-localhost}/app_${worktree}\n");
  EXPECT_EQ(project.url("app"), "postgresql://ann:p w@localhost/app_w2");
}

TEST(Sensitive, IsIndependentOfOrderCommentsAndPasswords) {
  Project first;
  first.write(".quemsi.yml",
              "databases:\n  a: mysql://u:one@h/d\n  b: {url: x, engine: sqlite}\nwarm: 3\n");
  Project second;
  second.write(".quemsi.yml",
               "# other\nversion: 1\ndatabases:\n  b:\n    engine: sqlite\n    url: ${B:-x}\n"
               "  a: \"mysql://u:two@h/d\"\n");
  EXPECT_EQ(first.load().sensitive, second.load().sensitive);
  EXPECT_EQ(first.load().sensitive, "a = mysql://u:***@h/d\nb (sqlite) = x\n");
}

TEST(Sensitive, ChangesWithWhateverDecidesWhereWeConnect) {
  const auto sensitive = [](const std::string& databases) {
    Project project;
    project.write(".quemsi.yml", "databases: " + databases + "\n");
    return project.load().sensitive;
  };
  const std::string base = sensitive("{a: 'mysql://u:p@h/d'}");
  EXPECT_NE(base, sensitive("{b: 'mysql://u:p@h/d'}"));
  EXPECT_NE(base, sensitive("{a: 'mysql://v:p@h/d'}"));
  EXPECT_NE(base, sensitive("{a: 'mysql://u:p@evil/d'}"));
  EXPECT_NE(base, sensitive("{a: 'mysql://u:p@h/e'}"));
  EXPECT_NE(base, sensitive("{a: 'mysql://u:p@h/d?host=evil'}"));
  EXPECT_NE(base, sensitive("{a: {url: 'mysql://u:p@h/d', engine: sqlite}}"));
  EXPECT_NE(base, sensitive("{a: 'mysql://u:p@h/d', b: x}"));
  EXPECT_NE(sensitive("{'a (b)': x}"), sensitive("{a: {url: x, engine: b}}"));
  EXPECT_NE(sensitive("{'a = x': y}"), sensitive("{a: 'x = y'}"));
}

TEST(Sensitive, IsALineADatabaseWithOddNamesInQuotes) {
  Project project;
  project.write(".quemsi.yml", "databases: {'b \"x\\': y, \"\\u00e9\": z, a.b-c_d: x}\n");
  EXPECT_EQ(project.load().sensitive, "\"b \\\"x\\\\\" = y\n\"\u00e9\" = z\na.b-c_d = x\n");
}

std::string sensitive_with(const std::string& retention) {
  Project project;
  project.write(".quemsi.yml", "databases: {a: x}\nretention: {" + retention + "}\n");
  return project.load().sensitive;
}

TEST(Sensitive, HasWhatMakesGcKeepLess) {
  EXPECT_EQ(sensitive_with("last: 1, daily: 0, weekly: 3, temporary: 1, grace: 0"),
            "a = x\nretention daily = 0\nretention grace = 0\nretention last = 1\n"
            "retention temporary = 1\nretention weekly = 3\n");
  EXPECT_EQ(sensitive_with("last: 019"), "a = x\nretention last = 19\n");
}

TEST(Sensitive, HasNoRetentionThatKeepsAsMuchOrMore) {
  EXPECT_EQ(sensitive_with("automatic: false, last: 20, daily: 8, weekly: 4, grace: 3650"),
            "a = x\n");
  EXPECT_EQ(sensitive_with("temporary: 0"), "a = x\n");
}

TEST(Sensitive, LeavesTheUsersOwnRetentionToThem) {
  Project project;
  project.write(".quemsi.yml", "databases: {a: x}\nretention: {last: 2, daily: 1}\n");
  project.sources.git_config = {{"retentionlast", "3"}};
  project.environment = {{"QUEMSI_RETENTION_DAILY", "2"}};
  EXPECT_EQ(project.load().sensitive, "a = x\n");
  project.write(".quemsi.local.yml", "retention: {weekly: 1}\n");
  EXPECT_EQ(project.load().sensitive, "a = x\nretention weekly = 1\n");
}

TEST(Sensitive, FollowsWhatAVariableHolds) {
  Project project;
  project.write(".quemsi.yml", "databases:\n  app: mysql://u@${HOST}/d\n");
  project.environment = {{"HOST", "localhost"}};
  const std::string before = project.load().sensitive;
  project.environment = {{"HOST", "evil"}};
  EXPECT_NE(project.load().sensitive, before);
}

TEST(Passwords, AppearInNoSetting) {
  Project project;
  project.write(".env", "DATABASE_URL=postgresql://ann:hunter2@h/d?sslpassword=hunter2\n");
  project.write(".quemsi.yml",
                "databases:\n  a: ${DATABASE_URL}\n  b: host=h password = 'hunter2 \\' x'\n");
  const Config config = project.load();
  EXPECT_THAT(config.databases[0].url, HasSubstr("hunter2"));
  EXPECT_THAT(config.sensitive, Not(HasSubstr("hunter2")));
  for (const ConfigSetting& setting : config.settings) {
    EXPECT_THAT(setting.value, Not(HasSubstr("hunter2"))) << setting.key;
  }
}

}  // namespace
}  // namespace quemsi
