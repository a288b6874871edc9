// Sessions and the way to them.
#include "engine/mysql/removal.hpp"

#include <thread>

#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

class MysqlConnection : public MysqlWorld {};

TEST_F(MysqlConnection, NoLimitOfTimeIsTheServersOwn) {
  std::vector<std::string> none{"max_execution_time"};
  if (!mysql()) {
    none = {"max_statement_time", "idle_transaction_timeout", "idle_readonly_transaction_timeout",
            "idle_write_transaction_timeout"};
  }
  for (const std::string& limit : none) server_.admin("SET GLOBAL " + limit + " = 7");
  Connection connection = server().connect();
  for (const std::string& limit : none) {
    EXPECT_EQ(std::stod(connection.query("SELECT @@SESSION." + limit).str(0, 0)), 0.0) << limit;
    server_.admin("SET GLOBAL " + limit + " = DEFAULT");
  }
}

TEST_F(MysqlConnection, WhatWasMadeSinceTheProofIsNotDropped) {
  run("CREATE TABLE t(x INT); INSERT INTO t VALUES (1)");
  const auto token = open().pin(Content::all)->captured().token;
  ASSERT_TRUE(token);
  context_.busy_timeout = std::chrono::seconds(10);
  MysqlApplication holder(server_.url("mysql", "root"));
  holder.run("START TRANSACTION; SELECT * FROM " + qualified(live_, "t"));
  std::thread dropping(
      [&] { EXPECT_EQ(error_of([&] { drop_live(server(), *token); }).kind(), ErrorKind::busy); });
  while (server_.admin("SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE "
                       "'Waiting for table metadata lock'") == "0\n") {
  }
  run("CREATE PROCEDURE made_since() DO 1");
  holder.run("COMMIT");
  dropping.join();
  EXPECT_EQ(run("SELECT * FROM t; CALL made_since()"), "1\n");
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
