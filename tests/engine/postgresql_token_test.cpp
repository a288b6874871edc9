#include "engine/postgresql/token.hpp"

#include <atomic>
#include <thread>

#include "engine/postgresql_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

class PostgresqlToken : public PostgresqlWorld {
 protected:
  explicit PostgresqlToken(PostgresServer& server = shared_postgres()) : PostgresqlWorld(server) {}

  /// Of live as it is now.
  std::optional<Token> token() {
    Connection connection = open().connect(live_);
    const auto state = read_token_state(connection);
    return state ? token_of(*state) : std::nullopt;
  }
  bool holds(const Token& token) {
    Connection connection = open().connect(live_);
    return proves(token, connection);
  }
  std::string run(const std::string& sql) { return PostgresServer::psql(live_url(), sql); }
};

TEST_F(PostgresqlToken, HoldsWhileOnlyReadingAndHousekeepingHappen) {
  const auto before = token();
  ASSERT_TRUE(before);
  run("SELECT * FROM t");
  run("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT * FROM t; ROLLBACK");
  run("VACUUM t");
  server_.admin("CHECKPOINT; SELECT pg_switch_wal()");
  EXPECT_TRUE(holds(*before));
}

TEST_F(PostgresqlToken, EndsWithEveryChange) {
  run("CREATE UNLOGGED TABLE u(a int); CREATE SEQUENCE s; SELECT nextval('s')");
  for (const char* sql :
       {"INSERT INTO t(id, label) VALUES (5, 'x')", "UPDATE t SET label = label",
        "DELETE FROM t WHERE id = 5", "TRUNCATE t", "INSERT INTO u VALUES (1)", "TRUNCATE u",
        "CREATE TABLE n(a int)", "COMMENT ON TABLE n IS 'x'", "ALTER TABLE n ADD b int",
        "DROP TABLE n", "SELECT nextval('s')", "SELECT nextval('s')", "SELECT setval('s', 100)",
        "SELECT setval('s', 100, false)", "ALTER SEQUENCE s RESTART", "SELECT lo_create(0)",
        "GRANT SELECT ON t TO plain",
        "BEGIN; INSERT INTO t(id) VALUES (77); PREPARE TRANSACTION 'p'", "COMMIT PREPARED 'p'"}) {
    const auto before = token();
    ASSERT_TRUE(before) << sql;
    run(sql);
    EXPECT_FALSE(holds(*before)) << sql;
  }
}

TEST_F(PostgresqlToken, ValueThatASequenceHasLoggedAheadCounts) {
  run("CREATE SEQUENCE s; SELECT nextval('s')");
  const std::string log = server_.admin("SELECT pg_current_wal_insert_lsn()");
  const auto before = token();
  ASSERT_TRUE(before);
  run("SELECT nextval('s')");
  EXPECT_EQ(server_.admin("SELECT pg_current_wal_insert_lsn()"), log);
  EXPECT_FALSE(holds(*before));
}

TEST_F(PostgresqlToken, TransactionThatWasOpenThenEndsIt) {
  PostgresApplication app(live_url());
  app.run("BEGIN; INSERT INTO t(label) VALUES ('open')");
  const auto before = token();
  ASSERT_TRUE(before);
  EXPECT_TRUE(holds(*before));
  app.run("COMMIT");
  EXPECT_FALSE(holds(*before));
}

TEST_F(PostgresqlToken, OlderOfTwoOpenTransactionsEndsItToo) {
  PostgresApplication older(live_url());
  older.run("BEGIN; INSERT INTO t(label) VALUES ('older')");
  run("INSERT INTO t(label) VALUES ('newer')");
  const auto before = token();
  ASSERT_TRUE(before);
  older.run("COMMIT");
  EXPECT_FALSE(holds(*before));
}

TEST_F(PostgresqlToken, IsOfTheTransactionThatAskedForIt) {
  Connection reader = open().connect(live_, reader_application);
  const Transaction transaction(reader, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  reader.query("SELECT 1");
  run("INSERT INTO t(label) VALUES ('after the snapshot')");
  const auto pinned = token_of_transaction(reader);
  ASSERT_TRUE(pinned);
  EXPECT_FALSE(holds(*pinned));
}

TEST_F(PostgresqlToken, AnotherDatabaseProvesNothing) {
  const auto before = token();
  ASSERT_TRUE(before);
  Connection other = open().maintenance();
  EXPECT_FALSE(proves(*before, other));
}

TEST_F(PostgresqlToken, SequenceThatWeMayNotReadProvesNothing) {
  server_.admin("CREATE SEQUENCE hidden", live_);
  server_.admin("REVOKE ALL ON SEQUENCE hidden FROM app", live_);
  EXPECT_FALSE(token());
}

TEST_F(PostgresqlToken, WhatACrashCouldTakeBackProvesNothing) {
  server_.admin("ALTER SYSTEM SET wal_writer_delay = '10s'");
  server_.admin("ALTER SYSTEM SET wal_writer_flush_after = '2GB'");
  server_.admin("SELECT pg_reload_conf()");
  PostgresServer::psql(live_url(),
                       "SET synchronous_commit = off;"
                       "INSERT INTO t(label) VALUES ('not flushed')");
  const auto unsafe = token();
  server_.admin("ALTER SYSTEM RESET ALL");
  server_.admin("SELECT pg_reload_conf()");
  EXPECT_FALSE(unsafe);
}

TEST_F(PostgresqlToken, SwapProvesTheNewContent) {
  const ParkedName a = park("parked");
  const auto proof = swap(a, new_name());
  ASSERT_TRUE(proof);
  EXPECT_TRUE(holds(*proof));
  run("UPDATE t SET label = 'changed'");
  EXPECT_FALSE(holds(*proof));
}

/// Whoever gets in right after the renaming may write before the state is looked at.
TEST_F(PostgresqlToken, SwapProvesNothingThatAWriterHasTouched) {
  context_.busy_timeout = std::chrono::seconds(10);
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::thread writer([&] {
    while (!stop) {
      PostgresApplication app(live_url());
      if (app.run("UPDATE t SET label = label || '.'").empty()) ++written;
    }
  });
  ParkedName incoming = park("parked");
  for (int i = 0; i < 8; ++i) {
    const ParkedName outgoing = new_name();
    const std::string before = label(incoming.str());
    const auto proof = swap(incoming, outgoing);
    if (proof && holds(*proof)) {
      EXPECT_EQ(live_label(), before) << i;
    }
    incoming = outgoing;
  }
  stop = true;
  writer.join();
  EXPECT_GT(written, 0);
}

/// A server that is stopped must be one's own.
TEST(PostgresqlTokenRestart, EndsEveryProof) {
  PostgresServer server;
  server.create("app");
  const Server ours({.name = "app", .engine = "postgresql", .url = server.url("app")},
                    {.top = "/", .state_dir = "/"});
  const auto token = [&] {
    Connection connection = ours.connect("app");
    return token_of(read_token_state(connection).value()).value();
  };
  for (const bool crash : {false, true}) {
    const Token before = token();
    if (crash) {
      server.stop_immediately();
    } else {
      server.stop();
    }
    server.start();
    EXPECT_NE(token(), before);
  }
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
