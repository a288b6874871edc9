// What a crashed exchange may have left, as it is put there by hand.
#include <thread>

#include "engine/mysql/in_place/plan.hpp"
#include "engine/mysql/in_place/stage.hpp"
#include "engine/mysql_in_place_world.hpp"
#include "engine/mysql_trap.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class MysqlInPlaceSettle : public InPlaceWorld {
 protected:
  MysqlInPlaceSettle() {
    sql("CREATE TABLE a(id INT PRIMARY KEY, v INT); CREATE TABLE b(id INT PRIMARY KEY, v INT);"
        "CREATE TABLE c(id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES a(id));"
        "CREATE TRIGGER on_a BEFORE INSERT ON a FOR EACH ROW SET new.v = 7;"
        "CREATE VIEW of_a AS SELECT id FROM a");
    parked_ = park_file();
    sql("INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1); INSERT INTO c VALUES (1, 1)");
    before_ = dump();
  }

  /// Killed when live is kept, and nothing is dropped yet.
  void kill_before_dropping() {
    plan_ = serve()->plan_swap(parked_, outgoing_);
    const StageFile stage(ImageFolder(registry().folder()), outgoing_);
    for (int at = 0;; ++at) {
      ASSERT_TRUE(killed_at({.at = at, .seen = 0, .files_too = true}, [&] {
        context_.notice = {};
        static_cast<void>(serve()->swap(plan_));
      }));
      ASSERT_LT(at, 20);
      if (stage.get() == Stage::dropping) return;
      EXPECT_EQ(serve()->settle(plan_), Settled::not_done);
    }
  }
  /// Until what was made before is certainly older than what will be.
  static void let_a_second_pass() { std::this_thread::sleep_for(std::chrono::milliseconds(1100)); }

  ParkedName parked_ = new_name();
  ParkedName outgoing_ = new_name();
  std::string before_;
  std::string plan_;
};

TEST_F(MysqlInPlaceSettle, WhatIsMissingComesBackAndWhatIsThereIsLeft) {
  let_a_second_pass();
  kill_before_dropping();
  sql("SET foreign_key_checks = 0; DROP TABLE a; DROP VIEW of_a; INSERT INTO b VALUES (2, 2);"
      "UPDATE b SET v = 8 WHERE id = 1");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(serve()->settle(plan_), Settled::not_done);
  EXPECT_EQ(sql("SELECT * FROM b ORDER BY id"), "1\t8\n2\t2\n");
  sql("DELETE FROM b WHERE id = 2; UPDATE b SET v = 1");
  expect_same(dump(), before_);
  EXPECT_THAT(copies(), ElementsAre(parked_.str()));
  expect_nothing_left();
  EXPECT_FALSE(try_sql("INSERT INTO c VALUES (2, 99)"));
}

TEST_F(MysqlInPlaceSettle, ATableThatWasMadeAgainDoesNotReplaceTheOneThatWasDropped) {
  kill_before_dropping();
  sql("DROP TABLE b; CREATE TABLE b(id INT PRIMARY KEY, v INT); INSERT INTO b VALUES (5, 5)");
  EXPECT_EQ(serve()->settle(plan_), Settled::not_done);
  EXPECT_EQ(sql("SELECT * FROM b"), "5\t5\n");
  const std::string stray = decode_in_place_plan(plan_)->stray;
  EXPECT_THAT(copies(), UnorderedElementsAre(parked_.str(), stray));
  expect_same(dump_of(ParkedName(stray)), before_);
  EXPECT_THAT(notices_, testing::Contains(HasSubstr(stray)));
}

TEST_F(MysqlInPlaceSettle, SameTablesOfTheSameSecondAreNoReasonToKeepThemTwice) {
  kill_before_dropping();
  EXPECT_EQ(serve()->settle(plan_), Settled::not_done);
  EXPECT_THAT(copies(), ElementsAre(parked_.str()));
  expect_same(dump(), before_);
}

TEST_F(MysqlInPlaceSettle, KilledWhenAllIsBackItOnlyForgets) {
  kill_before_dropping();
  ImageFolder(registry().folder()).remove(outgoing_);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(serve()->settle(plan_), Settled::not_done);
  expect_same(dump(), before_);
  EXPECT_THAT(copies(), ElementsAre(parked_.str()));
  expect_nothing_left();
}

TEST_F(MysqlInPlaceSettle, RowsInAHalfBuiltDatabaseAreKept) {
  kill_before_dropping();
  // As it is when all of live has gone, and an application has made what it missed.
  StageFile(ImageFolder(registry().folder()), outgoing_).set(Stage::building);
  sql("DROP VIEW of_a; SET foreign_key_checks = 0; DROP TABLE a, b, c;"
      "CREATE TABLE b(id INT PRIMARY KEY, v INT); INSERT INTO b VALUES (5, 5);"
      "CREATE VIEW theirs AS SELECT id FROM b");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(serve()->settle(plan_), Settled::done);
  EXPECT_EQ(sql("SHOW TABLES"), "a\nb\nc\nof_a\n");
  EXPECT_EQ(sql("SELECT COUNT(*) FROM b"), "0\n");
  const std::string stray = decode_in_place_plan(plan_)->stray;
  EXPECT_THAT(copies(), UnorderedElementsAre(outgoing_.str(), stray));
  EXPECT_EQ(sql_on(ParkedName(stray), "SELECT * FROM theirs"), "5\n");
  expect_same(dump_of(outgoing_), before_);
}

TEST_F(MysqlInPlaceSettle, OnAnotherServerIsRefused) {
  kill_before_dropping();
  InPlacePlan other = decode_in_place_plan(plan_).value();
  other.server = "another";
  EXPECT_THAT(error_of([&] { serve()->settle(encode(other)); }).what(),
              HasSubstr("another server"));
  EXPECT_EQ(serve()->settle(plan_), Settled::not_done);
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
