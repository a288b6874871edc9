// What of a schema is no table goes with its branch as it is, whatever is in the way.
#include "engine/mysql_objects_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(MysqlObjects, TriggersHaveCommentsInTheirHeads) {
  run_as_is(
      "CREATE TRIGGER first_one -- don't forget the totals\nBEFORE INSERT ON t FOR EACH ROW "
      "SET new.label = CONCAT(new.label, '!')");
  run_as_is(
      "CREATE TRIGGER /* it's on t.x */ second_one BEFORE INSERT # FOR EACH ROW\nON t FOR "
      "EACH ROW SET new.label = CONCAT(new.label, '?')");
  run("CREATE TRIGGER IF NOT EXISTS third_one AFTER INSERT ON t FOR EACH ROW SET @a = 1");
  const std::string before = dump();
  there_and_back();
  there_and_back();
  if (mysql()) expect_same(dump(), before);
  run("INSERT INTO t VALUES (2, 'new')");
  EXPECT_EQ(run("SELECT label FROM t WHERE id = 2"), "new!?\n");
  EXPECT_EQ(
      run("SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE()"),
      "3\n");
}

TEST_F(MysqlObjects, TriggersThatCannotBeMadeAgainStopItBeforeAnythingIsMoved) {
  run("ALTER TABLE t ADD COLUMN later INT;"
      "CREATE TRIGGER fine AFTER INSERT ON t FOR EACH ROW SET @a = new.id;"
      "CREATE TRIGGER broken BEFORE INSERT ON t FOR EACH ROW SET new.later = 5;"
      "ALTER TABLE t DROP COLUMN later");
  const std::string before = dump();
  MysqlDatabase database = open();
  const std::string plan = database.plan_swap(parked_, new_name());
  const Error error = error_of([&] { database.swap(plan); });
  EXPECT_THAT(all_of(error), HasSubstr("TRIGGER broken cannot be made again"));
  EXPECT_THAT(all_of(error), HasSubstr("Unknown column 'later' in 'NEW'"));
  EXPECT_EQ(database.settle(plan), Settled::not_done);
  expect_same(dump(), before);
  EXPECT_THAT(parked_schemas(), ElementsAre(parked_.str()));
}

TEST_F(MysqlObjects, ViewsTakeNumbersFromTheirOwnSchemasSequences) {
  if (mysql()) return;  // which has no sequences
  run("CREATE SEQUENCE s START 5 NOCACHE; CREATE VIEW numbered AS SELECT NEXTVAL(s) AS n, "
      "'nextval(`" +
      live_ + "`.`s`)' AS text FROM t");
  const ParkedName out = new_name();
  swap(parked_, out);
  EXPECT_EQ(run_in(out, "SELECT n FROM numbered"), "5\n");
  parked_ = new_name();
  swap(out, parked_);
  EXPECT_EQ(run("SELECT n, text FROM numbered"), "6\tnextval(`" + live_ + "`.`s`)\n");
  there_and_back();
  EXPECT_EQ(run("SELECT n FROM numbered"), "7\n");
}

/// Of live, with a view that is broken.
class MysqlBrokenViews : public MysqlObjects {
 protected:
  MysqlBrokenViews() {
    run("CREATE TABLE u(x INT); CREATE VIEW v AS SELECT x FROM u; CREATE VIEW w AS SELECT x FROM v;"
        "CREATE VIEW good AS SELECT label FROM t");
    whole_ = dump();
    run("DROP TABLE u");
  }
  /// What is missing is there again.
  void expect_mended() {
    run("CREATE TABLE u(x INT)");
    there_and_back();
    expect_same(dump(), whole_);
  }
  std::string whole_;
};

TEST_F(MysqlBrokenViews, AreKeptWithTheirBranchAndToldWhenItComesBack) {
  const ParkedName out = new_name();
  swap(parked_, out);
  EXPECT_EQ(run("SHOW TABLES"), "t\n");
  EXPECT_EQ(run_in(out, "SHOW TABLES"), "good\nt\n");
  EXPECT_THAT(notices_, IsEmpty());
  parked_ = new_name();
  swap(out, parked_);
  EXPECT_EQ(run("SHOW TABLES"), "good\nt\n");
  EXPECT_THAT(notices_, Contains(HasSubstr("the view v cannot be made now")));
  EXPECT_THAT(notices_, Contains(HasSubstr("the view w cannot be made now")));
  there_and_back();
  expect_mended();
}

TEST_F(MysqlBrokenViews, SurviveTheStoreAndCopies) {
  const auto image = seal();
  const std::string schema = schema_of(*image);
  EXPECT_THAT(schema, HasSubstr("VIEW `w`"));
  const ParkedName built = materialise(*image);
  EXPECT_EQ(schema_of(built), schema);
  const ParkedName copy = new_name();
  open().clone_parked(built, copy, no_progress());
  EXPECT_EQ(schema_of(copy), schema);
  const auto fingerprint = open().schema_fingerprint();
  swap(copy, new_name());
  EXPECT_EQ(schema_of(*seal()), schema);
  EXPECT_EQ(open().schema_fingerprint(), fingerprint);
  expect_mended();
}

TEST_F(MysqlBrokenViews, GiveWayToThoseOfTheSameName) {
  there_and_back();
  run("CREATE VIEW v AS SELECT 2 AS x");
  there_and_back();
  EXPECT_EQ(run("SELECT * FROM w"), "2\n");
}

TEST_F(MysqlBrokenViews, AreForgottenWithTheirSchema) {
  there_and_back();
  const auto token = open().pin(Content::all)->captured().token;
  ASSERT_TRUE(token);
  open().drop_live(*token, new_name());
  server_.create(live_);
  EXPECT_EQ(schema_of(*seal()), "");
}

TEST_F(MysqlBrokenViews, LeaveNoNotesBehind) {
  there_and_back();
  run("CREATE TABLE u(x INT)");
  there_and_back();
  open().drop_parked(parked_);
  for (const auto& file : std::filesystem::directory_iterator(registry().folder())) {
    EXPECT_NE(file.path().extension(), ".note") << file.path();
  }
}

TEST_F(MysqlObjects, ViewsMayRunAsWhoMaySeeLiveAlone) {
  server_.grant_plain(live_);
  server_.admin(
      "CREATE DEFINER=plain@localhost VIEW z_base AS SELECT id, label FROM t;"
      "CREATE DEFINER=plain@localhost VIEW a_on_view AS SELECT z.id FROM z_base z",
      live_);
  const std::string before = dump();
  const std::string schema = schema_of(*seal());
  const ParkedName out = new_name();
  MysqlDatabase database = open_as("root");
  database.swap(database.plan_swap(parked_, out));
  EXPECT_EQ(schema_of(out, "root"), schema);
  const ParkedName copy = new_name();
  database.clone_parked(out, copy, no_progress());
  EXPECT_EQ(schema_of(copy, "root"), schema);
  database.swap(database.plan_swap(copy, new_name()));
  parked_ = out;
  expect_same(dump(), before);
  there_and_back("root");
  expect_same(dump(), before);
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(MysqlObjects, EventsThatSleepGoOnSleeping) {
  run("CREATE EVENT asleep ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01' DISABLE ON SLAVE DO SET @x "
      "= 1;"
      "CREATE EVENT awake ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01' DO SET @x = 1;"
      "CREATE EVENT off_one ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01' DISABLE DO SET @x = 1");
  const std::string before = dump();
  there_and_back();
  expect_same(dump(), before);
  const ParkedName built = materialise(*seal());
  EXPECT_EQ(schema_of(built), schema_of(*seal()));
  swap(built, new_name());
  expect_same(dump(), before);
}

TEST_F(MysqlObjects, WhatWasMadeWhileItWaitedGoesOut) {
  run("CREATE VIEW changing AS SELECT 1 AS one; CREATE PROCEDURE p() SELECT 1");
  ParkedName out = new_name();
  while_waited_for(
      [&] { swap(parked_, out); },
      [&] {
        run("CREATE PROCEDURE later() SELECT 1; CREATE VIEW seen AS SELECT 1 AS x;"
            "CREATE EVENT tick ON SCHEDULE EVERY 1 DAY DO SET @x = 1;"
            "CREATE OR REPLACE VIEW changing AS SELECT 2 AS two;"
            "DROP PROCEDURE p; CREATE PROCEDURE p() SELECT 2;"
            "CREATE TABLE stray(x INT); CREATE TRIGGER on_stray BEFORE INSERT ON stray "
            "FOR EACH ROW SET new.x = 5");
      });
  EXPECT_EQ(run("SHOW TABLES"), "t\n");
  EXPECT_EQ(run("SELECT routine_name FROM information_schema.routines WHERE routine_schema = "
                "DATABASE()"),
            "");
  swap(out, new_name());
  EXPECT_EQ(run("CALL later(); CALL p(); SELECT * FROM changing; SELECT * FROM seen"),
            "1\n2\n2\n1\n");
  EXPECT_EQ(run("INSERT INTO stray VALUES (1); SELECT x FROM stray"), "5\n");
  EXPECT_EQ(run("SELECT event_name, status FROM information_schema.events WHERE event_schema = "
                "DATABASE()"),
            "tick\tENABLED\n");
}

TEST_F(MysqlObjects, NobodyTakesWhatWasMadeWhileItWaitedForKnown) {
  MysqlDatabase database = open();
  const auto token = database.pin(Content::all)->captured().token;
  ASSERT_TRUE(token);
  context_.busy_timeout = std::chrono::seconds(10);
  context_.connections = ConnectionPolicy::wait;
  const ParkedName out = new_name();
  const std::string plan = database.plan_swap(parked_, out);
  while_waited_for(
      [&] {
        const Error error = error_of([&] { open().swap(plan, token); });
        EXPECT_EQ(error.kind(), ErrorKind::busy);
        EXPECT_THAT(error.what(), HasSubstr("was changed in the meantime"));
      },
      [&] { run("CREATE PROCEDURE later() SELECT 1; CREATE VIEW seen AS SELECT 1 AS x"); });
  if (database.settle(plan) == Settled::done) swap(out, new_name());
  EXPECT_EQ(run("CALL later(); SELECT * FROM seen; SELECT label FROM t"), "1\n1\nlive\n");
}

TEST_F(MysqlObjects, TriggersThatWereChangedWhileItWaitedStopIt) {
  run("CREATE TRIGGER mine BEFORE INSERT ON `t` FOR EACH ROW SET new.label = 'old'");
  const ParkedName with_trigger = park();
  context_.busy_timeout = std::chrono::seconds(10);
  auto reading = std::make_optional(open().open_parked(with_trigger));
  std::jthread exchanging([&] {
    const Error error = error_of([&] { swap(with_trigger, new_name()); });
    EXPECT_EQ(error.kind(), ErrorKind::busy);
  });
  // Once there is an outgoing schema it has compared live with the plan. It moves nothing as long
  // as somebody reads.
  while (parked_schemas().size() < 3) {
  }
  run("DROP TRIGGER mine; CREATE TRIGGER mine BEFORE INSERT ON `t` FOR EACH ROW SET new.label = "
      "'new';"
      "CREATE TRIGGER more AFTER INSERT ON `t` FOR EACH ROW SET @a = 1");
  const std::string before = dump();
  reading.reset();
  exchanging.join();
  expect_same(dump(), before);
  EXPECT_EQ(run("INSERT INTO t VALUES (2, 'x'); SELECT label FROM t WHERE id = 2"), "new\n");
  EXPECT_EQ(parked_schemas().size(), 2U);
}

TEST_F(MysqlObjects, TablesThatWereTakenAlongComeBackWhenItFailsLate) {
  const ParkedName plain = park();
  run("CREATE TRIGGER mine BEFORE INSERT ON t FOR EACH ROW SET new.label = 'old'");
  context_.busy_timeout = std::chrono::milliseconds(3000);
  context_.connections = ConnectionPolicy::wait;
  MysqlApplication app(url(live_));
  MysqlApplication other(url(plain.str()));
  app.run("START TRANSACTION; SELECT * FROM t");
  other.run("START TRANSACTION; SELECT * FROM t");
  std::jthread exchanging(
      [&] { EXPECT_EQ(error_of([&] { swap(plain, new_name()); }).kind(), ErrorKind::busy); });
  wait_for_waiting("1");
  run("CREATE TABLE stray(x INT); CREATE TRIGGER on_stray BEFORE INSERT ON stray FOR EACH ROW "
      "SET new.x = 5; CREATE TABLE bare(x INT); INSERT INTO bare VALUES (7)");
  app.run("COMMIT");
  exchanging.join();
  EXPECT_EQ(run("SHOW TABLES"), "bare\nstray\nt\n");
  EXPECT_EQ(run("INSERT INTO stray VALUES (1); SELECT x FROM stray; SELECT x FROM bare"), "5\n7\n");
  EXPECT_EQ(run("INSERT INTO t VALUES (2, 'x'); SELECT label FROM t"), "live\nold\n");
  EXPECT_THAT(listed(), testing::UnorderedElementsAre(parked_.str(), plain.str()));
}

TEST_F(MysqlObjects, BodiesOfPackagesStayWithThem) {
  if (mysql()) GTEST_SKIP() << "MySQL has no packages";
  const std::string body =
      "CREATE PACKAGE BODY pack AS FUNCTION one RETURN INT AS BEGIN RETURN 1; END; END";
  MysqlApplication app(url(live_));
  app.run("SET sql_mode = 'ORACLE'");
  EXPECT_EQ(app.run("CREATE PACKAGE pack AS FUNCTION one RETURN INT; END"), "");
  EXPECT_EQ(app.run(body), "");
  const ParkedName other = park();
  EXPECT_EQ(app.run("CREATE OR REPLACE PACKAGE pack COMMENT 'new' AS FUNCTION one RETURN INT; END"),
            "");
  EXPECT_EQ(app.run(body), "");
  const std::string before = dump();
  const ParkedName out = new_name();
  swap(other, out);
  EXPECT_EQ(app.run("SELECT pack.one()"), "1\n");
  swap(out, new_name());
  expect_same(dump(), before);
  EXPECT_EQ(app.run("SELECT pack.one()"), "1\n");
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
