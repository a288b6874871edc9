#include <thread>

#include "engine/mysql/watch.hpp"
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using namespace std::string_literals;

class MysqlToken : public MysqlWorld {
 protected:
  MysqlToken() {
    run("CREATE TABLE t(id INT AUTO_INCREMENT PRIMARY KEY, x INT); INSERT INTO t(x) VALUES (1);"s +
        on_mariadb("CREATE SEQUENCE s CACHE 10; DO NEXTVAL(s);"));
  }
  [[nodiscard]] std::optional<Token> token() const {
    return open().pin(Content::all)->captured().token;
  }
  void expect_it_ends(const std::string& sql) const {
    const auto before = token();
    ASSERT_TRUE(before) << sql;
    run(sql);
    EXPECT_FALSE(open().unchanged_since(*before)) << sql;
  }
};

TEST_F(MysqlToken, HoldsOverReadingAndTheServersOwnTidying) {
  run("UPDATE t SET x = 2; DELETE FROM t WHERE x = 3;");
  const auto before = token();
  ASSERT_TRUE(before);
  run("SELECT * FROM t; SHOW CREATE TABLE t; CHECK TABLE t;" + on_mariadb("SELECT LASTVAL(s)"));
  // Purge moves the log's end, not what is stored.
  while (server_.admin(mysql() ? "SELECT count FROM information_schema.innodb_metrics WHERE "
                                 "name = 'trx_rseg_history_len'"
                               : "SELECT variable_value FROM information_schema.global_status "
                                 "WHERE variable_name = 'Innodb_history_list_length'") != "0\n") {
  }
  EXPECT_TRUE(open().unchanged_since(*before));
}

TEST_F(MysqlToken, EndsWithEveryKindOfChange) {
  for (const char* sql : {"INSERT INTO t(x) VALUES (9)",
                          "UPDATE t SET x = x + 1",
                          "DELETE FROM t WHERE x = 9",
                          "START TRANSACTION; INSERT INTO t(x) VALUES (9); ROLLBACK",
                          "TRUNCATE t",
                          "ALTER TABLE t COMMENT 'x'",
                          "ALTER TABLE t ALTER COLUMN x SET DEFAULT 7",
                          "CREATE TABLE u(x INT)",
                          "RENAME TABLE u TO w",
                          "DROP TABLE w",
                          "CREATE VIEW v AS SELECT 1",
                          "CREATE OR REPLACE VIEW v AS SELECT 2",
                          "DROP VIEW v",
                          "CREATE PROCEDURE p() SELECT 1",
                          "ALTER PROCEDURE p SQL SECURITY INVOKER",
                          "DROP PROCEDURE p",
                          "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = 1",
                          "DROP TRIGGER g",
                          "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SET @a = 1",
                          "ALTER EVENT e DISABLE",
                          "DROP EVENT e",
                          "ALTER TABLE t AUTO_INCREMENT = 1000",
                          "ALTER DATABASE CHARACTER SET latin1"}) {
    expect_it_ends(sql);
  }
  for (const char* sql : {"SELECT SETVAL(s, 500)", "ALTER DATABASE COMMENT 'y'"}) {
    if (!mysql()) expect_it_ends(sql);
  }
}

TEST_F(MysqlToken, EndsWithTheCommitOfWhatWasOpenThen) {
  MysqlApplication app(url(live_));
  for (const auto& [before, after] :
       {std::pair("INSERT INTO t(x) VALUES (5)", ""), std::pair("UPDATE t SET x = x + 1", ""),
        std::pair("SELECT * FROM t FOR UPDATE", "INSERT INTO t(x) VALUES (6);"),
        std::pair("SELECT * FROM t", "INSERT INTO t(x) VALUES (7);")}) {
    app.run("START TRANSACTION; "s + before);
    const auto taken = token();
    app.run(after + "COMMIT"s);
    EXPECT_FALSE(taken && open().unchanged_since(*taken)) << before;
  }
}

TEST_F(MysqlToken, IsNotGivenForWhatInnodbDoesNotKeep) {
  for (const std::string engine : {"MyISAM", mysql() ? "CSV" : "Aria", "MEMORY"}) {
    run("CREATE TABLE other(x INT NOT NULL) ENGINE=" + engine);
    EXPECT_FALSE(token()) << engine;
    run("DROP TABLE other");
    EXPECT_TRUE(token()) << engine;
  }
}

TEST_F(MysqlToken, IsNotGivenWhileSomebodyIsAtIt) {
  MysqlApplication app(url(live_));
  MysqlApplication busy(server_.url(live_, "root"));
  std::thread sleeping([&] { busy.run("SELECT SLEEP(1)"); });
  while (server_.admin("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE "
                       "'SELECT SLEEP%'") == "0\n") {
  }
  EXPECT_FALSE(token());
  sleeping.join();
  EXPECT_TRUE(token());
}

TEST_F(MysqlToken, IsGivenWhileTheSchedulerOfEventsWaits) {
  server_.admin("SET GLOBAL event_scheduler = ON");
  EXPECT_TRUE(token());
  server_.admin("SET GLOBAL event_scheduler = OFF");
  EXPECT_TRUE(token());
}

TEST_F(MysqlToken, OfAnotherSchemaProvesNothing) {
  const auto before = token();
  server_.create("the other");
  DatabaseSpec other = spec();
  other.url = url("the other");
  EXPECT_FALSE(MysqlDatabase(other, context_).unchanged_since(*before));
  server_.drop("the other");
}

TEST_F(MysqlToken, EndsWithTheServersRun) {
  // A server of its own: others would lose theirs.
  MariadbServer own;
  own.create("app");
  MariadbServer::client(own.url("app"), "CREATE TABLE t(x INT)");
  const DatabaseSpec there{.name = "app", .engine = "mysql", .url = own.url("app")};
  const auto before = MysqlDatabase(there, context_).pin(Content::all)->captured().token;
  ASSERT_TRUE(before);
  EXPECT_TRUE(MysqlDatabase(there, context_).unchanged_since(*before));
  own.stop_immediately();
  EXPECT_FALSE(MysqlDatabase(there, context_).unchanged_since(*before));
  own.start();
  EXPECT_FALSE(MysqlDatabase(there, context_).unchanged_since(*before));
}

class MysqlWatch : public MysqlToken {
 protected:
  Connection worker_ = server().connect();
  Connection control_ = server().connect();
};

TEST_F(MysqlWatch, SeesWhatOthersChangeAndNotWhatItsOwnSessionsDo) {
  const std::string table = qualified(live_, "t");
  for (const char* sql :
       {"INSERT INTO t(x) VALUES (9)", "TRUNCATE t", "ALTER TABLE t COMMENT 'x'",
        "CREATE TABLE u(x INT)", "RENAME TABLE u TO w", "DROP TABLE w", "CREATE VIEW v AS SELECT 1",
        "DROP VIEW v", "CREATE PROCEDURE p() DO 1", "ALTER PROCEDURE p COMMENT 'x'",
        "DROP PROCEDURE p", "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = 1",
        "DROP TRIGGER g", "PREPARE s FROM 'TRUNCATE t'; EXECUTE s"}) {
    const Watch watch(worker_, control_);
    worker_.execute("INSERT INTO " + table + "(x) VALUES (1)");
    control_.execute("ALTER TABLE " + table + " COMMENT 'ours'");
    EXPECT_TRUE(watch.saw_nothing()) << sql;
    run(sql);
    EXPECT_FALSE(watch.saw_nothing()) << sql;
  }
}

TEST_F(MysqlWatch, KnowsNothingWhenAStatementWasUnderWay) {
  MysqlApplication holder(url(live_));
  MysqlApplication waiter(url(live_));
  holder.run("START TRANSACTION; SELECT * FROM t");
  std::thread truncating([&] { waiter.run("TRUNCATE t"); });
  while (server_.admin("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE "
                       "'Waiting for table metadata lock'") == "0\n") {
  }
  const Watch watch(worker_, control_);
  holder.run("COMMIT");
  truncating.join();
  EXPECT_FALSE(watch.saw_nothing());
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
