#include "engine/postgresql/token.hpp"

#include <atomic>
#include <csignal>
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
    return state ? std::optional(token_of(*state)) : std::nullopt;
  }
  bool holds(const Token& token) {
    Connection connection = open().connect(live_);
    return proves(token, connection);
  }
  /// What the token is of; both are looked at in one snapshot.
  void expect_held(const Token& token, const std::string& expected) {
    Connection reader = open().connect(live_, reader_application);
    const Transaction transaction(reader, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (!proves(token, reader)) return;
    EXPECT_EQ(reader.query("SELECT label FROM public.t").text(0, 0), expected);
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
        "GRANT SELECT ON t TO plain"}) {
    const auto before = token();
    ASSERT_TRUE(before) << sql;
    run(sql);
    EXPECT_FALSE(holds(*before)) << sql;
  }
}

TEST_F(PostgresqlToken, EndsWhenAPreparedTransactionIsCommitted) {
  run("BEGIN; INSERT INTO t(id) VALUES (77); PREPARE TRANSACTION 'p'");
  const auto before = token();
  run("COMMIT PREPARED 'p'");
  EXPECT_FALSE(before && holds(*before));
}

TEST_F(PostgresqlToken, ValueThatASequenceHasLoggedAheadCounts) {
  run("CREATE SEQUENCE s; SELECT nextval('s')");
  const auto before = token();
  ASSERT_TRUE(before);
  run("SELECT nextval('s')");
  EXPECT_FALSE(holds(*before));
}

TEST_F(PostgresqlToken, ValueOfAnUnloggedSequenceCounts) {
  if (open().connect(live_).major() < 15) GTEST_SKIP() << "all are logged";
  run("CREATE UNLOGGED SEQUENCE s; CREATE UNLOGGED SEQUENCE \"it's\"");
  for (const char* sql : {"SELECT setval('s', 100, false)", "SELECT setval('s', 200, false)",
                          "SELECT setval('\"it''s\"', 7)", "SELECT nextval('s')"}) {
    const auto before = token();
    ASSERT_TRUE(before) << sql;
    EXPECT_TRUE(holds(*before)) << sql;
    run(sql);
    EXPECT_FALSE(holds(*before)) << sql;
  }
  server_.admin("CREATE UNLOGGED SEQUENCE hidden; GRANT USAGE ON SEQUENCE hidden TO app", live_);
  EXPECT_FALSE(token());
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
    if (proof) expect_held(*proof, before);
    incoming = outgoing;
  }
  stop = true;
  writer.join();
  EXPECT_GT(written, 0);
}

/// A server that is stopped must be one's own.
class PostgresqlTokenEnd : public testing::Test {
 protected:
  PostgresqlTokenEnd() { server_.create("app"); }
  Token token() {
    const Server ours({.name = "app", .engine = "postgresql", .url = server_.url("app")},
                      {.top = "/", .state_dir = "/"});
    Connection connection = ours.connect("app");
    return token_of(read_token_state(connection).value());
  }
  PostgresServer server_;
};

TEST_F(PostgresqlTokenEnd, RestartEndsEveryProof) {
  const Token before = token();
  server_.stop();
  server_.start();
  const Token between = token();
  EXPECT_NE(between, before);
  server_.stop_immediately();
  server_.start();
  EXPECT_NE(token(), between);
}

/// The server begins anew without having been started: transactions that were not flushed are gone,
/// and their ids are given out again.
TEST_F(PostgresqlTokenEnd, CrashOfASessionEndsEveryProof) {
  PostgresApplication victim(server_.url("app"));
  PostgresApplication bystander(server_.url("app"));
  const Token before = token();
  EXPECT_EQ(token(), before);
  server_.signal_backend(victim.pid(), SIGKILL);
  ASSERT_TRUE(bystander.gets_closed());
  // Connects again once the server has recovered.
  ASSERT_EQ(bystander.run("SELECT 1"), "1\n");
  EXPECT_NE(token(), before);
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
