#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "engine/mysql/session.hpp"
#include "engine/mysql_in_place_world.hpp"
#include "support/file_damage.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

class MysqlInPlace : public InPlaceWorld {
 protected:
  void go_there_and_back(const ParkedName& there) {
    const ParkedName back = new_name();
    exchange(there, back);
    exchange(back, new_name());
  }
  /// `what` is in the way: neither of a switch nor of a snapshot anything is done.
  void expect_refused(const ParkedName& there, const std::string& what) {
    const Error error = error_of([&] { exchange(there, new_name()); });
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_THAT(error.what(), HasSubstr(what));
    EXPECT_EQ(error_of([&] { static_cast<void>(seal()); }).kind(), ErrorKind::unsupported);
  }
};

std::string torture_script() {
  const bool mysql = quemsi::test::server_is_mysql();
  const std::ifstream file(mysql ? QUEMSI_TORTURE_ON_MYSQL_SQL : QUEMSI_TORTURE_SQL);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_F(MysqlInPlace, TortureComesBack) {
  server_.admin("SET GLOBAL local_infile = ON");
  sql("CREATE TABLE parents(id BIGINT); INSERT INTO parents VALUES (7); CREATE VIEW z_base AS "
      "SELECT 1 AS one;");
  const std::string little = dump();
  const ParkedName a = park_file();
  sql("DROP VIEW z_base; DROP TABLE parents");
  server_.admin("ALTER DATABASE " + mariadb_name(live_) + " COLLATE utf8mb4_unicode_ci");
  sql(torture_script());
  const std::string everything = dump();
  const std::string schema =
      "SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = "
      "DATABASE()";
  const ParkedName b = new_name();
  exchange(a, b);
  expect_same(dump(), little);
  EXPECT_THAT(sql(schema), Not(HasSubstr("unicode_ci")));
  const ParkedName c = new_name();
  exchange(b, c);
  expect_same(dump(), everything);
  EXPECT_THAT(sql(schema), HasSubstr("unicode_ci"));
  EXPECT_THAT(copies(), ElementsAre(c.str()));
  expect_nothing_left();
  sql("INSERT INTO parents VALUES (7, 'seven')");
  EXPECT_EQ(sql("SELECT name FROM parents WHERE id = 7"), "seven!\n");
  EXPECT_EQ(sql("INSERT INTO numbers() VALUES (); SELECT LAST_INSERT_ID()"), "77\n");
}

TEST_F(MysqlInPlace, TortureComesBackFromServersThatTakeNoFiles) {
  server_.admin("SET GLOBAL local_infile = OFF");
  const ParkedName a = park_file();
  sql(torture_script());
  const std::string everything = dump();
  const ParkedName b = new_name();
  exchange(a, b);
  exchange(b, new_name());
  server_.admin("SET GLOBAL local_infile = ON");
  expect_same(dump(), everything);
}

TEST_F(MysqlInPlace, EmptiedCopyIsItsSchemaAlone) {
  sql(torture_script());
  const ParkedName emptied = park_file();
  serve()->empty_parked(emptied);
  const ParkedName schema = new_name();
  ASSERT_TRUE(serve()->copy_live(schema, Content::schema, CopyLimit::instant, no_progress()));
  expect_same(dump_of(emptied), dump_of(schema));
}

TEST_F(MysqlInPlace, ViewOfAnotherCharacterSetComesBackOrIsRefusedBeforeAnythingIsDone) {
  const ParkedName a = park_file();
  sql("CREATE TABLE t(name VARCHAR(20)); SET NAMES latin1;"
      "CREATE VIEW v AS SELECT name FROM t WHERE name <> 'größe'");
  const std::string everything = dump();
  const Connection connection = plain_server().connect();
  if (!connection.is_mariadb() && connection.version() < 80000) {
    expect_refused(a, "view v");
  } else {
    go_there_and_back(a);
  }
  expect_same(dump(), everything);
  expect_nothing_left();
}

TEST_F(MysqlInPlace, DefaultOfAnySequenceComesBackOrIsRefusedBeforeAnythingIsDone) {
  if (mysql()) GTEST_SKIP() << "has no sequences";
  const ParkedName a = park_file();
  sql("CREATE SEQUENCE `zähler`; CREATE TABLE t(id INT DEFAULT NEXTVAL(`zähler`), v INT)");
  const std::string everything = dump();
  if (plain_server().connect().version() < 100600) {
    expect_refused(a, "table t");
  } else {
    go_there_and_back(a);
  }
  expect_same(dump(), everything);
  sql("INSERT INTO t(v) VALUES (7)");
  EXPECT_EQ(sql("SELECT id, v FROM t"), "1\t7\n");
}

TEST_F(MysqlInPlace, HistoryComesBackOrIsRefusedBeforeAnythingIsDone) {
  const ParkedName a = park_file();
  sql("CREATE TABLE v(id INT PRIMARY KEY) WITH SYSTEM VERSIONING; INSERT INTO v VALUES (1);"
      "UPDATE v SET id = 2");
  if (takes_history(plain_server().connect())) {
    go_there_and_back(a);
    EXPECT_EQ(sql("SELECT id FROM v FOR SYSTEM_TIME ALL ORDER BY id"), "1\n2\n");
    return;
  }
  const Error error = error_of([&] { exchange(a, new_name()); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  EXPECT_THAT(error.what(), HasSubstr("versioned table v"));
  EXPECT_EQ(sql("SHOW TABLES"), "v\n");
  // A schema beside it could not be filled, either.
  const auto image = seal();
  EXPECT_EQ(error_of([&] { materialise(*image); }).kind(), ErrorKind::unsupported);
  EXPECT_THAT(parked_schemas(), IsEmpty());
}

TEST_F(MysqlInPlace, HistoryThatCountsByTransactionsIsNotLostSilently) {
  if (mysql()) GTEST_SKIP() << "has no history";
  const ParkedName a = park_file();
  sql("CREATE TABLE v(id INT PRIMARY KEY, s BIGINT UNSIGNED GENERATED ALWAYS AS ROW START, e "
      "BIGINT "
      "UNSIGNED GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME(s, e)) WITH SYSTEM VERSIONING;"
      "INSERT INTO v(id) VALUES (1); UPDATE v SET id = 2");
  const Error error = error_of([&] { exchange(a, new_name()); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  EXPECT_THAT(error.what(), HasSubstr("versioned table v"));
  notices_.clear();
  serve()->pin(Content::all);
  EXPECT_THAT(notices_, Contains(HasSubstr("the rows of now are kept only: v")));
  std::vector<std::string> found;
  for (const Finding& finding : serve()->examine()) found.push_back(all_of(finding.error));
  EXPECT_THAT(found, Contains(HasSubstr("no history that counts by transactions: v")));
  EXPECT_EQ(sql("SELECT COUNT(*) FROM v FOR SYSTEM_TIME ALL"), "2\n");
}

TEST_F(MysqlInPlace, SaysOnceWhyItCopiesAndDoctorWarns) {
  for (int i = 0; i < 3; ++i) EXPECT_THAT(serve()->probe().version, HasSubstr("in place"));
  const char* hint =
      renames() ? "GRANT ALL PRIVILEGES ON `quemsi\\_%`.* TO 'plain'@'localhost';" : "MariaDB 10.6";
  EXPECT_THAT(notices_, ElementsAre(AllOf(HasSubstr("switches copy"), HasSubstr(hint))));
  std::vector<std::string> warnings;
  for (const Finding& finding : serve()->examine()) {
    if (finding.severity == Severity::warning) warnings.push_back(all_of(finding.error));
  }
  EXPECT_THAT(warnings, Contains(AllOf(HasSubstr("switches copy its rows"), HasSubstr(hint))));
  may_make_schemas(true);
  EXPECT_THAT(serve()->probe().version,
              renames() ? testing::Matcher<std::string>(Not(HasSubstr("in place")))
                        : testing::Matcher<std::string>(HasSubstr("in place")));
}

TEST_F(MysqlInPlace, WhatARoleMayDoCounts) {
  server_.admin("DROP ROLE IF EXISTS makers; CREATE ROLE makers; GRANT makers TO plain@localhost;" +
                std::string(mysql() ? "SET DEFAULT ROLE makers TO plain@localhost"
                                    : "SET DEFAULT ROLE makers FOR plain@localhost"));
  EXPECT_THAT(serve()->probe().version, HasSubstr("in place"));
  server_.admin("GRANT ALL ON `quemsi\\_%`.* TO makers");
  EXPECT_THAT(serve()->probe().version, Not(HasSubstr("in place")));
  server_.admin("DROP ROLE makers");
  EXPECT_THAT(serve()->probe().version, HasSubstr("in place"));
}

TEST_F(MysqlInPlace, LiveIsNotDroppedByWhoCouldNotMakeCopies) {
  sql("CREATE TABLE t(x INT)");
  const auto live = serve();
  const Token token = live->pin(Content::all)->captured().token.value();
  EXPECT_THAT(error_of([&] { live->drop_live(token, new_name()); }).hints(), Not(IsEmpty()));
  EXPECT_TRUE(live->probe().exists);
}

TEST_F(MysqlInPlace, DamagedCopyIsRefusedAndLiveStays) {
  sql("CREATE TABLE t AS SELECT seq AS x FROM " + numbers_to(1000));
  const ParkedName a = park_file();
  sql("INSERT INTO t VALUES (0)");
  const std::string before = dump();
  for (const auto& file : std::filesystem::recursive_directory_iterator(dir_.path())) {
    if (file.path().filename() == a.str()) {
      quemsi::test::flip_byte(file.path(), static_cast<std::int64_t>(file.file_size() / 2));
    }
  }
  EXPECT_EQ(error_of([&] { exchange(a, new_name()); }).kind(), ErrorKind::corrupt);
  EXPECT_EQ(dump(), before);
  EXPECT_THAT(copies(), ElementsAre(a.str()));
}

// -- what fails on the way ----------------------------------------------------

TEST_F(MysqlInPlace, RowsThatDoNotFitBringLiveBack) {
  sql("CREATE TABLE big(id INT PRIMARY KEY, t CHAR(200)) ENGINE=MEMORY;"
      "INSERT INTO big SELECT seq, 'x' FROM " +
      numbers_to(2000));
  const ParkedName a = park_file();
  sql("DROP TABLE big; CREATE TABLE kept(x INT PRIMARY KEY); INSERT INTO kept VALUES (1), (2);"
      "CREATE TRIGGER tr BEFORE INSERT ON kept FOR EACH ROW SET @x = 1;"
      "CREATE VIEW v AS SELECT * FROM kept; CREATE PROCEDURE p() SELECT 1");
  const std::string before = dump();
  server_.admin("SET GLOBAL max_heap_table_size = 16384");
  const auto database = serve();
  const std::string plan = database->plan_swap(a, new_name());
  EXPECT_THROW(static_cast<void>(database->swap(plan)), Error);
  expect_same(dump(), before);
  EXPECT_EQ(database->settle(plan), Settled::not_done);
  server_.admin("SET GLOBAL max_heap_table_size = 16777216");
  expect_same(dump(), before);
  EXPECT_THAT(copies(), ElementsAre(a.str()));
  expect_nothing_left();
}

TEST_F(MysqlInPlace, KeptDefinersThatMayNotBeSetStopItBeforeItBegins) {
  context_.definers = DefinerPolicy::keep;
  sql("CREATE TABLE t(x INT)");
  const ParkedName sound = park_file();
  server_.admin("CREATE VIEW v AS SELECT 1 AS x", live_);
  const ParkedName foreign = park_file();
  const std::string before = dump();
  const auto refused = [&](const ParkedName& incoming) {
    return std::string(error_of([&] { exchange(incoming, new_name()); }).what());
  };
  EXPECT_THAT(refused(sound), HasSubstr("VIEW v of `root`@`localhost`"));
  EXPECT_EQ(dump(), before);
  server_.admin("DROP VIEW v", live_);
  EXPECT_THAT(refused(foreign), HasSubstr("VIEW v of `root`@`localhost`"));
  EXPECT_EQ(sql("SHOW TABLES"), "t\n");
  EXPECT_THAT(copies(), UnorderedElementsAre(sound.str(), foreign.str()));
}

TEST_F(MysqlInPlace, AViewThatMayNotBeMadeBringsLiveBack) {
  server_.admin(
      "CREATE DATABASE IF NOT EXISTS others; CREATE TABLE IF NOT EXISTS others.t(x INT);"
      "GRANT SELECT ON others.* TO plain@localhost");
  sql("CREATE TABLE t(x INT); INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT x FROM others.t");
  const ParkedName a = park_file();
  sql("DROP VIEW v; INSERT INTO t VALUES (2)");
  server_.admin("REVOKE ALL ON others.* FROM plain@localhost");
  const std::string before = dump();
  EXPECT_THAT(all_of(error_of([&] { exchange(a, new_name()); })), HasSubstr("denied"));
  server_.admin("DROP DATABASE others");
  expect_same(dump(), before);
  EXPECT_THAT(copies(), ElementsAre(a.str()));
  expect_nothing_left();
}

TEST_F(MysqlInPlace, AViewThatIsBrokenIsKept) {
  sql("CREATE TABLE t(x INT); CREATE TABLE u(x INT); CREATE VIEW v AS SELECT x FROM u");
  const ParkedName a = park_file();
  const std::string whole = dump();
  sql("DROP TABLE u");
  const ParkedName b = new_name();
  const ParkedName c = new_name();
  exchange(a, b);
  expect_same(dump(), whole);
  exchange(b, c);
  EXPECT_EQ(sql("SHOW TABLES"), "t\n");
  EXPECT_THAT(notices_, Contains(HasSubstr("the view v cannot be made now")));
  const ParkedName d = new_name();
  exchange(c, d);
  const ParkedName e = new_name();
  exchange(d, e);
  sql("CREATE TABLE u(x INT)");
  const ParkedName f = new_name();
  exchange(e, f);
  exchange(f, new_name());
  expect_same(dump(), whole);
}

TEST_F(MysqlInPlace, EventsThatSleepGoOnSleeping) {
  sql("CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01' DISABLE ON SLAVE DO SET @x = 1");
  const std::string before = dump();
  const ParkedName a = park_file();
  const ParkedName b = new_name();
  exchange(a, b);
  expect_same(dump(), before);
  exchange(b, new_name());
  expect_same(dump(), before);
}

TEST_F(MysqlInPlace, OthersGoOnUsingRoutinesThatBothSidesHave) {
  sql("CREATE PROCEDURE same() SELECT 1; CREATE PROCEDURE differs() SELECT 1");
  const ParkedName a = park_file();
  sql("DROP PROCEDURE differs; CREATE PROCEDURE differs() SELECT 2");
  server_.admin("CREATE USER bob@localhost; GRANT EXECUTE ON PROCEDURE same TO bob@localhost",
                live_);
  const auto grants = [&] { return server_.admin("SHOW GRANTS FOR bob@localhost"); };
  const std::string before = grants();
  const ParkedName b = new_name();
  exchange(a, b);
  EXPECT_EQ(grants(), before);
  EXPECT_EQ(sql("CALL same(); CALL differs()"), "1\n1\n");
  server_.admin("GRANT SELECT ON mysql.procs_priv TO plain@localhost");
  server_.admin("GRANT EXECUTE ON PROCEDURE differs TO bob@localhost", live_);
  exchange(b, new_name());
  EXPECT_EQ(sql("CALL same(); CALL differs()"), "1\n2\n");
  EXPECT_EQ(grants(), before);
  EXPECT_THAT(notices_, Contains(AllOf(HasSubstr("GRANT Execute ON PROCEDURE"),
                                       HasSubstr("`differs` TO `bob`@`localhost`;"))));
  server_.admin("REVOKE SELECT ON mysql.procs_priv FROM plain@localhost; DROP USER bob@localhost");
}

// -- what others do meanwhile ---------------------------------------------------

TEST_F(MysqlInPlace, WhatIsMadeDuringTheSwapIsNotLost) {
  context_.connections = ConnectionPolicy::wait;
  context_.busy_timeout = std::chrono::seconds(60);
  sql("CREATE TABLE t(x INT)");
  const ParkedName a = park_file();
  MysqlApplication reader(plain_spec().url);
  reader.run("START TRANSACTION; SELECT count(*) FROM t");
  const ParkedName b = new_name();
  std::thread swapping([&] { EXPECT_NO_THROW(exchange(a, b)); });
  while (server_.admin("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE "
                       "'Waiting for table metadata lock'") == "0\n") {
  }
  sql("CREATE TABLE made(x INT); INSERT INTO made VALUES (1); CREATE VIEW v AS SELECT 1 AS x");
  reader.run("COMMIT");
  swapping.join();
  EXPECT_EQ(sql("SHOW TABLES"), "t\n");
  EXPECT_EQ(sql_on(b, "SELECT (SELECT x FROM made), (SELECT x FROM v)"), "1\t1\n");
}

TEST_F(MysqlInPlace, TablesThatAnApplicationKeepsMakingAreKept) {
  context_.busy_timeout = std::chrono::seconds(60);
  std::string tables;
  for (int i = 0; i < 30; ++i) tables += "CREATE TABLE t" + std::to_string(i) + "(x INT);";
  sql(tables + "CREATE TABLE first(x INT)");
  const ParkedName a = park_file();
  std::atomic<bool> stop = false;
  std::vector<int> acknowledged;
  std::thread maker([&] {
    MysqlApplication app(plain_spec().url);
    // As a framework does that finds its tables missing.
    for (int i = 0; !stop; ++i) {
      app.run("CREATE TABLE IF NOT EXISTS first(x INT)");
      if (app.run("INSERT INTO first VALUES (" + std::to_string(i) + ")").empty()) {
        acknowledged.push_back(i);
      }
    }
  });
  ParkedName incoming = a;
  for (int i = 0; i < 5; ++i) {
    const ParkedName copy = new_name();
    serve()->clone_parked(incoming, copy, no_progress());
    const auto database = serve();
    const std::string plan = database->plan_swap(copy, new_name());
    EXPECT_NO_THROW(static_cast<void>(database->swap(plan)));
    EXPECT_NO_THROW(EXPECT_EQ(database->settle(plan), Settled::done));
  }
  stop = true;
  maker.join();
  std::string everything = sql("SELECT x FROM first");
  for (const std::string& name : copies()) {
    everything += sql_on(ParkedName(name), "SELECT x FROM first");
  }
  for (const int i : acknowledged) {
    EXPECT_THAT("\n" + everything, HasSubstr("\n" + std::to_string(i) + "\n"));
  }
  expect_nothing_left();
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
