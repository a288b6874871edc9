#include <atomic>
#include <thread>

#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MysqlSwap : public MysqlWorld {
 protected:
  MysqlSwap() {
    run("CREATE TABLE t(id INT PRIMARY KEY, label TEXT); INSERT INTO t VALUES (1, 'parked');");
    parked_ = park();
    run("UPDATE t SET label = 'live'");
  }
  [[nodiscard]] std::string label() const { return run("SELECT label FROM t WHERE id = 1"); }

  ParkedName parked_ = new_name();
};

TEST_F(MysqlSwap, OpenTransactionsAreEndedAndTold) {
  MysqlApplication app(url(live_));
  app.run("START TRANSACTION; SELECT * FROM t");
  const std::string id = app.id();
  swap(parked_, new_name());
  EXPECT_EQ(label(), "parked\n");
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_THAT(notices_.front(), HasSubstr("closed 1 connection to the app größe: "));
  EXPECT_THAT(notices_.front(), HasSubstr("connection " + id + " of user app@localhost"));
  EXPECT_TRUE(app.gets_closed());
}

TEST_F(MysqlSwap, StatementsThatAreUnderWayAreWaitedFor) {
  context_.busy_timeout = std::chrono::seconds(10);
  context_.connections = ConnectionPolicy::wait;
  MysqlApplication app(url(live_));
  app.run("START TRANSACTION; SELECT * FROM t");
  std::thread swapping([&] { swap(parked_, new_name()); });
  // The exchange is there once somebody waits for the application.
  while (server_.admin("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE "
                       "'Waiting for table metadata lock'") == "0\n") {
  }
  EXPECT_EQ(app.run("COMMIT"), "");
  swapping.join();
  EXPECT_EQ(label(), "parked\n");
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(MysqlSwap, ReadersOfOursAreNeverEnded) {
  const auto view = open().pin(Content::all);
  const Error error = error_of([&] { swap(parked_, new_name()); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(error.what(), HasSubstr("still being read"));
  MemoryImage image;
  EXPECT_NO_THROW(view->write(image, no_progress()));
  EXPECT_EQ(label(), "live\n");
}

TEST_F(MysqlSwap, SessionsThatMayNotBeSeenAreSaidToBeThere) {
  if (mysql()) server_.admin("REVOKE PROCESS ON *.* FROM app@localhost");
  MysqlApplication other(server_.url(live_, "root"));
  other.run("START TRANSACTION; SELECT * FROM t");
  const Error error = error_of([&] { swap(parked_, new_name()); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), HasSubstr("GRANT PROCESS"));
  EXPECT_EQ(label(), "live\n");
  EXPECT_THAT(parked_schemas(), ElementsAre(parked_.str()));
  if (mysql()) server_.admin("GRANT PROCESS ON *.* TO app@localhost");
}

TEST_F(MysqlSwap, SessionsOfOtherSchemasAreSuspectedAndNeverEnded) {
  if (!mysql()) server_.admin("GRANT PROCESS ON *.* TO app@localhost");
  MysqlApplication other(server_.url("mysql", "root"));
  const std::string text = "SELECT label FROM " + qualified(live_, "t");
  other.run("START TRANSACTION; " + text);
  const Error error = error_of([&] { swap(parked_, new_name()); });
  if (!mysql()) server_.admin("REVOKE PROCESS ON *.* FROM app@localhost");
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), HasSubstr("connection " + other.id() +
                                       " of user root@localhost, in "
                                       "schema mysql, with a transaction open for "));
  EXPECT_EQ(other.run(text), "live\n");
}

TEST_F(MysqlSwap, FailedExchangeWithTriggersLeavesThemAsTheyWere) {
  run("create trigger mine before insert on t for each row set new.label = upper(new.label)");
  const ParkedName with_trigger = park();
  const std::string before = dump();
  const std::string parked = dump(with_trigger);
  context_.connections = ConnectionPolicy::wait;
  MysqlApplication app(url(live_));
  app.run("START TRANSACTION; SELECT * FROM t");
  EXPECT_EQ(error_of([&] { swap(with_trigger, new_name()); }).kind(), ErrorKind::busy);
  app.run("COMMIT");
  EXPECT_EQ(dump(), before);
  EXPECT_EQ(dump(with_trigger), parked);
}

TEST_F(MysqlSwap, NobodyWritesPastATriggerWhileItIsMoved) {
  run("create trigger mine before insert on t for each row set new.label = 'by the trigger'");
  const ParkedName first = park();
  context_.busy_timeout = std::chrono::seconds(10);
  std::atomic<bool> stop = false;
  int written = 0;
  std::thread writer([&] {
    MysqlApplication app(url(live_));
    for (int id = 100; !stop; ++id) {
      if (app.run("INSERT INTO t VALUES (" + std::to_string(id) + ", 'raw')").empty()) ++written;
    }
  });
  std::vector<ParkedName> all{first};
  for (int i = 0; i < 5; ++i) {
    all.push_back(new_name());
    swap(all[all.size() - 2], all.back());
  }
  stop = true;
  writer.join();
  EXPECT_GT(written, 0);
  EXPECT_EQ(run("SELECT COUNT(*) FROM t WHERE label = 'raw'"), "0\n");
  EXPECT_EQ(run_in(all.back(), "SELECT COUNT(*) FROM t WHERE label = 'raw'"), "0\n");
}

TEST_F(MysqlSwap, EventsOfAParkedCopySleep) {
  run("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SET @x = 1");
  const ParkedName out = new_name();
  swap(parked_, out);
  const std::string status =
      "SELECT status FROM information_schema.events WHERE event_schema = DATABASE()";
  EXPECT_EQ(run_in(out, status), mysql() ? "REPLICA_SIDE_DISABLED\n" : "SLAVESIDE_DISABLED\n");
  swap(out, new_name());
  EXPECT_EQ(run(status), "ENABLED\n");
}

TEST_F(MysqlSwap, EqualViewsStayWhatTheyAre) {
  run("CREATE VIEW v AS SELECT label FROM t");
  const ParkedName same = park();
  MysqlApplication app(url(live_));
  EXPECT_EQ(app.run("PREPARE s FROM 'SELECT * FROM v'; EXECUTE s"), "live\n");
  run("UPDATE t SET label = 'newer'");
  swap(same, new_name());
  EXPECT_EQ(app.run("EXECUTE s"), "live\n");
}

TEST_F(MysqlSwap, ObjectsOfOthersRunAsUsAndThatIsTold) {
  server_.admin("CREATE DEFINER=root@localhost PROCEDURE p() SELECT 1", live_);
  const std::string reading = mysql() ? "SHOW_ROUTINE ON *.*" : "SELECT ON mysql.proc";
  server_.admin("GRANT " + reading + " TO app@localhost");
  const ParkedName out = new_name();
  if (mysql()) {
    const Error error = error_of([&] { open().plan_swap(parked_, out); });
    EXPECT_THAT(all_of(error), HasSubstr("dropped: PROCEDURE p of `root`@`localhost`\n"));
    EXPECT_THAT(all_of(error), HasSubstr("GRANT SET_ANY_DEFINER, SYSTEM_USER"));
    server_.admin("GRANT SYSTEM_USER ON *.* TO app@localhost");
  }
  swap(parked_, out);
  if (mysql()) server_.admin("REVOKE SYSTEM_USER ON *.* FROM app@localhost");
  server_.admin("REVOKE " + reading + " FROM app@localhost");
  EXPECT_THAT(notices_, Contains(HasSubstr("PROCEDURE p of `root`@`localhost`")));
  EXPECT_THAT(run_in(out, "SHOW CREATE PROCEDURE p"), HasSubstr("DEFINER=`app`@`localhost`"));
}

TEST_F(MysqlSwap, DefinitionsThatMayNotBeReadStopItBeforeItBegins) {
  server_.admin("CREATE DEFINER=root@localhost PROCEDURE p() SELECT 1", live_);
  const Error error = error_of([&] { open().plan_swap(parked_, new_name()); });
  EXPECT_THAT(all_of(error), HasSubstr("GRANT SELECT ON mysql.proc"));
}

TEST_F(MysqlSwap, WhatWasMadeAfterThePlanIsNoticed) {
  MysqlDatabase database = open();
  const std::string plan = database.plan_swap(parked_, new_name());
  run("CREATE TABLE later(x INT)");
  EXPECT_EQ(error_of([&] { database.swap(plan); }).kind(), ErrorKind::busy);
  EXPECT_EQ(label(), "live\n");
}

TEST_F(MysqlSwap, GuardHoldsWhereTablesAreManyAndNamesSortBehindOurs) {
  std::string sql;
  for (int i = 0; i < 60; ++i) sql += "CREATE TABLE `größe" + std::to_string(i) + "`(x INT);";
  run(sql);
  MysqlDatabase database = open();
  const auto token = database.pin(Content::all)->captured().token;
  ASSERT_TRUE(token);
  EXPECT_NO_THROW(database.swap(database.plan_swap(parked_, new_name()), token));
  EXPECT_EQ(label(), "parked\n");
  EXPECT_EQ(run("SHOW TABLES"), "t\n");
}

TEST_F(MysqlSwap, GuardSeesWhatWasCommittedWhileItWaited) {
  context_.busy_timeout = std::chrono::seconds(10);
  context_.connections = ConnectionPolicy::wait;
  MysqlDatabase database = open();
  MysqlApplication app(url(live_));
  app.run("START TRANSACTION; UPDATE t SET label = 'at the last moment'");
  const auto token = database.pin(Content::all)->captured().token;
  ASSERT_TRUE(token);
  const std::string plan = database.plan_swap(parked_, new_name());
  std::thread writing([&] {
    while (server_.admin("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE "
                         "'Waiting for table metadata lock'") == "0\n") {
    }
    EXPECT_EQ(app.run("COMMIT"), "");
  });
  EXPECT_EQ(error_of([&] { database.swap(plan, token); }).kind(), ErrorKind::busy);
  writing.join();
  EXPECT_EQ(database.settle(plan), Settled::not_done);
  EXPECT_EQ(label(), "at the last moment\n");
  EXPECT_EQ(run("SHOW TABLES"), "t\n");
  EXPECT_THAT(listed(), ElementsAre(parked_.str()));
}

TEST_F(MysqlSwap, NothingIsProvenOfWhatStatementsChangedThatQueuedBehindIt) {
  context_.busy_timeout = std::chrono::seconds(10);
  context_.connections = ConnectionPolicy::wait;
  const auto wait_for = [&](const std::string& waiting) {
    while (server_.admin("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE "
                         "'Waiting for table metadata lock'") != waiting + "\n") {
    }
  };
  ParkedName incoming = parked_;
  for (const char* sql : {"TRUNCATE t", "ALTER TABLE t ADD COLUMN later INT", "DROP TABLE t"}) {
    const ParkedName outgoing = new_name();
    MysqlApplication holder(url(live_));
    MysqlApplication other(url(live_));
    holder.run("START TRANSACTION; SELECT * FROM t");
    std::optional<Token> token = Token("none yet");
    std::thread swapping([&] { token = swap(incoming, outgoing); });
    wait_for("1");
    std::thread changing([&] { other.run(sql); });
    wait_for("2");
    holder.run("COMMIT");
    swapping.join();
    changing.join();
    EXPECT_FALSE(token) << sql;
    incoming = outgoing;
  }
  EXPECT_TRUE(swap(incoming, new_name()));
}

TEST_F(MysqlSwap, SettlingElsewhereOrWithAnotherPlanIsRefused) {
  MysqlDatabase database = open();
  SwapPlan plan = decode_plan(database.plan_swap(parked_, new_name()));
  plan.server += "0";
  EXPECT_THAT(error_of([&] { database.settle(encode(plan)); }).what(), HasSubstr("another server"));
  for (const char* text : {"", "{}", "[1]", R"({"version":2})", R"({"version":1,"live":"x"})"}) {
    EXPECT_EQ(error_of([&] { decode_plan(text); }).kind(), ErrorKind::internal) << text;
  }
}

TEST_F(MysqlSwap, WhatWasDroppedSinceDoesNotMatter) {
  MysqlDatabase database = open();
  const ParkedName out = new_name();
  const std::string plan = database.plan_swap(parked_, out);
  server_.drop(parked_.str());
  EXPECT_EQ(database.settle(plan), Settled::not_done);
  const ParkedName again = park();
  const std::string second = database.plan_swap(again, out);
  database.swap(second);
  server_.drop(out.str());
  EXPECT_EQ(database.settle(second), Settled::done);
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
