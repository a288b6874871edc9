#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "unit/config/project.hpp"

namespace quemsi {
namespace {

using test::Project;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view sqlite_start{"SQLite format 3\0 and more", 25};

std::string told(const DatabaseCandidate& candidate) {
  return candidate.name + " " + candidate.url + " <- " + candidate.reference;
}

std::vector<std::string> found_in(const Project& project) {
  std::vector<std::string> texts;
  for (const DatabaseCandidate& candidate : find_databases(project.sources)) {
    texts.push_back(told(candidate));
  }
  return texts;
}

struct AppUrl {
  std::string url;
  std::string expected;  ///< empty: none
};

void PrintTo(const AppUrl& url, std::ostream* out) { *out << url.url; }

class UrlOfAnApplication : public testing::TestWithParam<AppUrl> {};

TEST_P(UrlOfAnApplication, IsBroughtToOurForm) {
  Project project;
  project.environment = {{"DATABASE_URL", GetParam().url}};
  const auto found = found_in(project);
  EXPECT_EQ(found.empty() ? "" : found[0], GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Files, UrlOfAnApplication,
    testing::Values(AppUrl{"sqlite:db/a.db", "a sqlite:db/a.db <- sqlite:db/a.db"},
                    AppUrl{"sqlite:///db/a.db", "a sqlite:db/a.db <- sqlite:db/a.db"},
                    AppUrl{"sqlite:////srv/a.db", "a sqlite:/srv/a.db <- sqlite:/srv/a.db"},
                    AppUrl{"sqlite+aiosqlite:///./a.db", "a sqlite:a.db <- sqlite:a.db"},
                    AppUrl{"sqlite://a.db?mode=rwc", "a sqlite:a.db <- sqlite:a.db"},
                    AppUrl{"sqlite3:db/a.sqlite3", "a sqlite:db/a.sqlite3 <- sqlite:db/a.sqlite3"},
                    AppUrl{"sqlite3:///srv/a.db", "a sqlite:/srv/a.db <- sqlite:/srv/a.db"},
                    AppUrl{"sqlite3:/srv/a.db", "a sqlite:/srv/a.db <- sqlite:/srv/a.db"},
                    AppUrl{"file:./dev.db", "dev sqlite:dev.db <- sqlite:dev.db"},
                    AppUrl{"file:///srv/dev.db", "dev sqlite:/srv/dev.db <- sqlite:/srv/dev.db"},
                    AppUrl{"sqlite:a$b c.db", "a$b c sqlite:a$b c.db <- sqlite:a$$b c.db"},
                    AppUrl{"sqlite:db/../../a.db", "a sqlite:../a.db <- sqlite:../a.db"},
                    AppUrl{"sqlite::memory:", ""}, AppUrl{"sqlite://", ""},
                    AppUrl{"sqlite:///:memory:", ""}, AppUrl{"sqlite:", ""}));

INSTANTIATE_TEST_SUITE_P(
    Servers, UrlOfAnApplication,
    testing::Values(
        AppUrl{"postgres://u:p@h/shop", "shop postgres://u:p@h/shop <- ${DATABASE_URL}"},
        AppUrl{"mysql://u:p@h/shop?x=y", "shop mysql://u:p@h/shop?x=y <- ${DATABASE_URL}"},
        AppUrl{"mysql2://u:p@h/shop", "shop mysql://u:p@h/shop <- mysql://u@h/shop"},
        AppUrl{"postgresql+psycopg2://u:p@h/d?password=q",
               "d postgresql://u:p@h/d?password=q <- postgresql://u@h/d"},
        AppUrl{"postgresql://h", "app postgresql://h <- ${DATABASE_URL}"},
        AppUrl{"postgresql://h/our%20shop",
               "our shop postgresql://h/our%20shop <- ${DATABASE_URL}"},
        AppUrl{"postgresql:h", ""}, AppUrl{"mongodb://h/d", ""}, AppUrl{"nonsense", ""},
        AppUrl{"", ""}, AppUrl{"mysql://u:p@ss@h/d", ""}));

TEST(FindDatabases, FindsNothingInAnEmptyFolder) { EXPECT_THAT(found_in(Project{}), IsEmpty()); }

TEST(FindDatabases, AFolderThatIsNotThereHoldsNone) {
  Project project;
  project.sources.top = project.top() / "gone";
  EXPECT_THAT(found_in(project), IsEmpty());
}

TEST(FindDatabases, ReadsDotenvUnlessTheEnvironmentHidesIt) {
  Project project;
  project.write(".env", "DATABASE_URL=\"postgres://u:p@h/one\"\n");
  EXPECT_THAT(found_in(project), ElementsAre("one postgres://u:p@h/one <- ${DATABASE_URL}"));
  EXPECT_EQ(find_databases(project.sources)[0].source, "DATABASE_URL in .env");
  project.environment = {{"DATABASE_URL", "postgres://u:p@h/two"}};
  EXPECT_THAT(found_in(project), ElementsAre("two postgres://u:p@h/two <- ${DATABASE_URL}"));
  EXPECT_EQ(find_databases(project.sources)[0].source, "DATABASE_URL in the environment");
}

TEST(FindDatabases, CountsPrismasPathFromItsSchema) {
  Project project;
  project.write(".env", "DATABASE_URL=\"file:./dev.db\"\n");
  project.write("prisma/schema.prisma", "");
  EXPECT_THAT(found_in(project), ElementsAre("dev sqlite:prisma/dev.db <- sqlite:prisma/dev.db"));
  project.write("dev.db", "");
  EXPECT_THAT(found_in(project), ElementsAre("dev sqlite:dev.db <- sqlite:dev.db"));
}

TEST(FindDatabases, KnowsSqliteFilesByContentLikelyNamesFirst) {
  Project project;
  project.write("data", sqlite_start);
  project.write("app.db", sqlite_start);
  project.write("a/b/c/deep.sqlite3", sqlite_start);
  project.write("fake.sqlite3", "not at all a database");
  project.write("short.db", "SQLite");
  EXPECT_THAT(found_in(project),
              ElementsAre("app sqlite:app.db <- sqlite:app.db",
                          "deep sqlite:a/b/c/deep.sqlite3 <- sqlite:a/b/c/deep.sqlite3",
                          "data sqlite:data <- sqlite:data"));
}

TEST(FindDatabases, PassesOverWhatBelongsToToolsAndWhatIsFarBelow) {
  Project project;
  for (const char* folder : {".git", "node_modules/x", "vendor", ".quemsi", ".cache", "build",
                             "build-debug", "dist", "target", "venv", "a/b/c/d"}) {
    project.write(std::string(folder) + "/x.db", sqlite_start);
  }
  EXPECT_THAT(found_in(project), IsEmpty());
}

TEST(FindDatabases, ReadsNeitherPipesNorLinksInACircle) {
  Project project;
  ASSERT_EQ(mkfifo((project.top() / "pipe.db").c_str(), 0600), 0);
  std::filesystem::create_directory_symlink(project.top(), project.top() / "again");
  std::filesystem::create_symlink("nowhere", project.top() / "broken.db");
  EXPECT_THAT(found_in(project), IsEmpty());
}

TEST(FindDatabases, NamesOneFileOnceAndEveryNameOnce) {
  Project project;
  project.write("db/app.db", sqlite_start);
  project.write("other/app.db", sqlite_start);
  std::filesystem::create_symlink("db/app.db", project.top() / "z.db");
  project.environment = {{"DATABASE_URL", "sqlite:///db/app.db"}};
  EXPECT_THAT(found_in(project), ElementsAre("app sqlite:db/app.db <- sqlite:db/app.db",
                                             "app-2 sqlite:other/app.db <- sqlite:other/app.db"));
}

TEST(FindDatabases, WhatCannotBeReadIsPassedOver) {
  Project project;
  std::filesystem::create_directory(project.top() / ".env");
  project.write("config/database.yml", "development: [\n");
  project.write("app.db", sqlite_start);
  EXPECT_THAT(found_in(project), ElementsAre("app sqlite:app.db <- sqlite:app.db"));
}

TEST(FindInRails, ReadsSqliteWithErbAndMergedDefaults) {
  Project project;
  project.write("config/database.yml",
                "<% require 'erb' %>\n"
                "default: &default\n"
                "  adapter: sqlite3\n"
                "  pool: <%= ENV.fetch(\"RAILS_MAX_THREADS\") { 5 } %>\n"
                "development:\n"
                "  <<: *default\n"
                "  database: storage/development.sqlite3\n"
                "production:\n"
                "  <<: *default\n"
                "  database: storage/production.sqlite3\n");
  EXPECT_THAT(found_in(project), ElementsAre("development sqlite:storage/development.sqlite3 <- "
                                             "sqlite:storage/development.sqlite3"));
}

TEST(FindInRails, PassesOnVariablesAndNoPassword) {
  Project project;
  project.environment = {{"DB_PASSWORD", "secret"}};
  project.write("config/database.yml",
                "development:\n"
                "  adapter: postgresql\n"
                "  database: shop_development\n"
                "  host: <%= ENV.fetch('DB_HOST') { 'localhost' } %>\n"
                "  port: <%= ENV['DB_PORT'] || 5433 %>\n"
                "  username: ann b\n"
                "  password: <%= ENV[\"DB_PASSWORD\"] %>\n");
  EXPECT_THAT(
      found_in(project),
      ElementsAre("shop_development postgresql://ann%20b:secret@localhost:5433/shop_development <- "
                  "postgresql://ann%20b:${DB_PASSWORD:-}@${DB_HOST:-localhost}:${DB_PORT:-5433}/"
                  "shop_development"));
  project.write("config/database.yml",
                "development:\n  adapter: mysql2\n  database: shop\n  username: ann\n"
                "  password: secret\n  socket: /run/mysqld.sock\n");
  EXPECT_THAT(found_in(project), ElementsAre("shop mysql://ann@/shop?socket=/run/mysqld.sock <- "
                                             "mysql://ann@/shop?socket=/run/mysqld.sock"));
}

TEST(FindInRails, ReadsSeveralDatabasesByName) {
  Project project;
  project.write("config/database.yml",
                "default: &default\n  adapter: sqlite3\n"
                "development:\n"
                "  primary:\n    <<: *default\n    database: storage/a.sqlite3\n"
                "  cache:\n    <<: *default\n    database: storage/b.sqlite3\n");
  EXPECT_THAT(found_in(project),
              ElementsAre("primary sqlite:storage/a.sqlite3 <- sqlite:storage/a.sqlite3",
                          "cache sqlite:storage/b.sqlite3 <- sqlite:storage/b.sqlite3"));
  project.environment = {{"DATABASE_URL", "postgres://h/main"}};
  EXPECT_THAT(found_in(project),
              ElementsAre("main postgres://h/main <- ${DATABASE_URL}",
                          "cache sqlite:storage/b.sqlite3 <- sqlite:storage/b.sqlite3"));
}

TEST(FindInRails, ReadsItsUrlElseTheKeysBesideIt) {
  Project project;
  const std::string text =
      "development:\n  adapter: postgresql\n  database: shop\n  url: <%= ENV['APP_DB'] %>\n";
  project.write("config/database.yml", text);
  EXPECT_THAT(found_in(project), ElementsAre("shop postgresql:///shop <- postgresql:///shop"));
  project.environment = {{"APP_DB", "postgres://u:p@h/x"}};
  EXPECT_THAT(found_in(project), ElementsAre("x postgres://u:p@h/x <- ${APP_DB:-}"));
  project.write("config/database.yml", "development:\n  url: postgres://u:p@h/y\n");
  EXPECT_THAT(found_in(project), ElementsAre("y postgres://u:p@h/y <- postgres://u@h/y"));
}

TEST(NewConfig, LoadsWithTheUrlsThatWereFound) {
  Project project;
  project.environment = {{"DATABASE_URL", "postgres://u:secret@h/shop"}};
  project.write("db/a$b.sqlite3", sqlite_start);
  const auto found = find_databases(project.sources);
  const std::string text = new_config_text(found);
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(text, HasSubstr("  # from DATABASE_URL in the environment\n"));
  project.write(".quemsi.yml", text);
  ASSERT_EQ(found.size(), 2);
  for (const DatabaseCandidate& candidate : found) {
    EXPECT_EQ(project.url(candidate.name), candidate.url);
  }
}

TEST(NewConfig, AnyNameAndUrlCanBeReadBack) {
  const std::vector<DatabaseCandidate> databases{
      {"plain", "sqlite:a.db", ""},      {"true", "sqlite:b: c #d.db", ""},
      {"a: b # c", "sqlite:\\e.db", ""}, {"\"quoted\" 'é'", "sqlite:f\"g'.db", "x\n  evil: y"},
      {"- x", "[sqlite]", ""},           {"123", "123", ""},
      {" lead", "sqlite:h ", ""},        {"~", "host=h password='a b'", ""}};
  Project project;
  project.write(".quemsi.yml", new_config_text(databases));
  EXPECT_EQ(project.load().databases.size(), databases.size());
  for (const DatabaseCandidate& database : databases) {
    EXPECT_EQ(project.url(database.name), database.url);
  }
}

TEST(NewConfig, PasswordsStayWhatTheyAreInTheLocalFile) {
  Project project;
  const std::vector<DatabaseCandidate> databases{{"app", "mysql://u:${HOME}$x@h/app", "--url"},
                                                 {"other", "host=h password='a b'", "--url"}};
  project.write(".quemsi.yml", new_config_text({{"app", "mysql://u@h/app", ""}}));
  project.write(".quemsi.local.yml", new_local_config_text(databases));
  EXPECT_EQ(project.url("app"), "mysql://u:%24{HOME}%24x@h/app");
  EXPECT_EQ(project.url("other"), "host=h password='a b'");
}

TEST(NewConfig, TwoOfOneNameAreRefused) {
  EXPECT_THROW(new_config_text({{"a", "sqlite:x", ""}, {"a", "sqlite:y", ""}}), Error);
  EXPECT_THROW(new_local_config_text({{"", "sqlite:x", ""}}), Error);
  EXPECT_THROW(new_config_text({{"", "sqlite:x", ""}}), Error);
  EXPECT_THROW(new_config_text({{"a", "", ""}}), Error);
}

TEST(NewConfig, WithoutDatabasesItShowsHowToNameOne) {
  EXPECT_THAT(new_config_text({}), HasSubstr("  # app: sqlite:db/app.sqlite3\n"));
}

}  // namespace
}  // namespace quemsi
