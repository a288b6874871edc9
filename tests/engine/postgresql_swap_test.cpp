#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "engine/postgresql_world.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PostgresqlSwap : public PostgresqlWorld {
 protected:
  explicit PostgresqlSwap(PostgresServer& server = shared_postgres()) : PostgresqlWorld(server) {}
  /// Nothing has changed, and nothing of ours is left over.
  void expect_unchanged(const ParkedName& parked) {
    EXPECT_EQ(live_label(), "live");
    EXPECT_THAT(listed(), ElementsAre(parked.str()));
  }
  Error refusal(const ParkedName& incoming) {
    return error_of([&] { swap(incoming, new_name()); });
  }
  /// Returns once an exchange waits for the connections that are in its way.
  void wait_for_waiting() const {
    PostgresApplication admin(server_.url("postgres", "postgres"));
    const std::string waits =
        "SELECT FROM pg_stat_activity WHERE application_name LIKE 'git-quemsi swap%' "
        "AND query LIKE '%a.datname IN%'";
    while (admin.run(waits).empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
};

TEST_F(PostgresqlSwap, GoesThereAndBack) {
  const ParkedName a = park("parked");
  const ParkedName b = new_name();
  swap(a, b);
  EXPECT_EQ(live_label(), "parked");
  EXPECT_EQ(label(b.str()), "live");
  EXPECT_THAT(listed(), ElementsAre(b.str()));
  swap(b, a);
  EXPECT_EQ(live_label(), "live");
  EXPECT_THAT(listed(), ElementsAre(a.str()));
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(PostgresqlSwap, ClosesConnectionsAndSaysWhose) {
  const ParkedName a = park("parked");
  PostgresApplication idle(live_url(), "idle one");
  PostgresApplication open_transaction(live_url(), "open one");
  open_transaction.run("BEGIN; INSERT INTO t(label) VALUES ('lost')");
  PostgresApplication in_parked(url(a.str()), "curious one");
  PostgresApplication busy(live_url(), "busy one");
  std::thread query([&] { busy.run_once("SELECT pg_sleep(600)"); });
  const std::string names[]{idle.process_name(), open_transaction.process_name(),
                            in_parked.process_name(), busy.process_name()};
  const ParkedName b = new_name();
  swap(a, b);
  query.join();
  ASSERT_EQ(notices_.size(), 1U);
  EXPECT_THAT(notices_[0], HasSubstr("closed 4 connections to " + live_ + ": "));
  for (const std::string& name : names) EXPECT_THAT(notices_[0], HasSubstr(name));
  EXPECT_EQ(PostgresServer::psql(url(b.str()), "SELECT label FROM t"), "live\n");
  EXPECT_EQ(idle.run("SELECT label FROM t"), "parked\n");
}

TEST_F(PostgresqlSwap, SucceedsAgainstApplicationsThatReconnectAtOnce) {
  context_.busy_timeout = std::chrono::seconds(5);
  std::atomic<bool> stop = false;
  std::atomic<int> connected = 0;
  std::vector<std::thread> applications;
  for (int i = 0; i < 2; ++i) {
    applications.emplace_back([&] {
      while (!stop) {
        PostgresApplication app(live_url(), "eager");
        ++connected;
        while (!stop && app.run_once("SELECT count(*) FROM t") == "1\n") {
        }
      }
    });
  }
  ParkedName incoming = park("parked");
  for (int i = 0; i < 10; ++i) {
    while (connected <= i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const ParkedName outgoing = new_name();
    EXPECT_NO_THROW(swap(incoming, outgoing)) << i;
    EXPECT_EQ(live_label(), i % 2 == 0 ? "parked" : "live");
    incoming = outgoing;
  }
  stop = true;
  for (std::thread& application : applications) application.join();
}

TEST_F(PostgresqlSwap, WaitsForWhoLeavesWhenToldToWait) {
  const ParkedName a = park("parked");
  context_.connections = ConnectionPolicy::wait;
  context_.busy_timeout = std::chrono::seconds(20);
  auto app = std::make_unique<PostgresApplication>(live_url());
  app->run("BEGIN; SELECT 1");
  std::thread leaver([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    app.reset();
  });
  EXPECT_NO_THROW(swap(a, new_name()));
  leaver.join();
  EXPECT_EQ(live_label(), "parked");
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(PostgresqlSwap, WaitsNoLongerThanItMay) {
  const ParkedName a = park("parked");
  context_.connections = ConnectionPolicy::wait;
  PostgresApplication app(live_url(), "stubborn");
  const Error error = refusal(a);
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), AllOf(HasSubstr(app.process_name()), HasSubstr("of user app")));
  EXPECT_TRUE(app.connected());
  app.kill();
  expect_unchanged(a);
}

TEST_F(PostgresqlSwap, RefusesAtOnceWhenToldTo) {
  const ParkedName a = park("parked");
  context_.connections = ConnectionPolicy::refuse;
  context_.busy_timeout = std::chrono::minutes(10);
  PostgresApplication app(live_url());
  EXPECT_EQ(refusal(a).kind(), ErrorKind::busy);
  EXPECT_TRUE(app.connected());
  expect_unchanged(a);
}

TEST_F(PostgresqlSwap, OurOwnReadersAreWaitedForAndNeverClosed) {
  const ParkedName a = park("parked");
  PostgresApplication reader(live_url(), std::string(reader_application));
  const Error error = refusal(a);
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), AllOf(HasSubstr("still being read"), HasSubstr("git quemsi status")));
  EXPECT_TRUE(reader.connected());
  expect_unchanged(a);
}

TEST_F(PostgresqlSwap, SessionThatWeMayNotCloseIsNamedWithTheRightThatIsMissing) {
  const ParkedName a = park("parked");
  PostgresApplication theirs(server_.url(live_, "plain"), "another user's");
  const Error error = refusal(a);
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), AllOf(HasSubstr(theirs.process_name()),
                                   HasSubstr(R"(GRANT pg_signal_backend TO "app";)")));
  expect_unchanged(a);
}

TEST_F(PostgresqlSwap, ProcessThatOnlyASuperuserMayEndIsNamedAsWhatItMayBe) {
  const ParkedName a = park("parked");
  PostgresApplication app(live_url());
  PostgresApplication theirs(server_.url(live_, "postgres"), "");
  const Error error = refusal(a);
  EXPECT_TRUE(app.connected()) << "it was closed in vain";
  EXPECT_THAT(all_of(error), AllOf(HasSubstr("background worker (pid " + theirs.pid() + ")"),
                                   HasSubstr("SELECT pg_terminate_backend(" + theirs.pid() + ");"),
                                   Not(HasSubstr("GRANT"))));
  expect_unchanged(a);
}

TEST_F(PostgresqlSwap, NothingIsProvenOfACopyThatWasWrittenToSinceItWasLookedAt) {
  context_.connections = ConnectionPolicy::wait;
  context_.busy_timeout = std::chrono::seconds(20);
  const ParkedName a = park("parked");
  auto writer = std::make_unique<PostgresApplication>(url(a.str()));
  writer->run("BEGIN; INSERT INTO t(label) VALUES ('slipped in')");
  std::jthread writing([&] {
    wait_for_waiting();
    writer->run("COMMIT");
    writer.reset();
  });
  EXPECT_EQ(swap(a, new_name()), std::nullopt);
  EXPECT_EQ(PostgresServer::psql(live_url(), "SELECT count(*) FROM t"), "2\n");
}

TEST_F(PostgresqlSwap, ACopyIsProvenThoughOthersWriteElsewhere) {
  if (open().maintenance().version() < 150000) GTEST_SKIP() << "such a server tells too late";
  context_.connections = ConnectionPolicy::wait;
  context_.busy_timeout = std::chrono::seconds(20);
  const ParkedName a = park("parked");
  auto app = std::make_unique<PostgresApplication>(live_url());
  app->run("BEGIN; INSERT INTO t(label) VALUES ('in live')");
  std::jthread writing([&] {
    wait_for_waiting();
    app->run("COMMIT");
    app.reset();
  });
  EXPECT_NE(swap(a, new_name()), std::nullopt);
}

TEST_F(PostgresqlSwap, PreparedTransactionIsNamedBeforeAnythingIsDone) {
  const ParkedName a = park("parked");
  PostgresApplication app(live_url());
  app.run("BEGIN; INSERT INTO t(label) VALUES ('x'); PREPARE TRANSACTION 'it''s mine'");
  const Error error = error_of([&] { plan(a, new_name()); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), HasSubstr("ROLLBACK PREPARED 'it''s mine';"));
  EXPECT_TRUE(app.connected());
  app.run("ROLLBACK PREPARED 'it''s mine'");
  expect_unchanged(a);
  swap(a, new_name());
}

TEST_F(PostgresqlSwap, ReplicationSlotIsNamedBeforeAnythingIsDone) {
  const ParkedName a = park("parked");
  server_.admin("SELECT pg_create_logical_replication_slot('feed', 'test_decoding')", live_);
  const Error error = error_of([&] { plan(a, new_name()); });
  EXPECT_EQ(error.kind(), ErrorKind::engine);
  EXPECT_THAT(all_of(error), HasSubstr("pg_drop_replication_slot('feed')"));
  server_.admin("SELECT pg_drop_replication_slot('feed')", live_);
  expect_unchanged(a);
}

/// Replication of the live database by a superuser.
class PostgresqlReplication : public PostgresqlSwap {
 protected:
  /// As pg_recvlogical does it.
  void start_reading(const std::string& slot) {
    server_.admin(
        "SELECT pg_create_logical_replication_slot(" + sql_text(slot) + ", 'test_decoding')",
        live_);
    slot_ = slot;
    reader_.run_once("START_REPLICATION SLOT " + slot + " LOGICAL 0/0");
  }
  ~PostgresqlReplication() override {
    reader_.kill();
    if (slot_.empty()) return;
    PostgresApplication admin(server_.url("postgres", "postgres"));
    const std::string which = "pg_replication_slots WHERE slot_name = " + sql_text(slot_);
    admin.run("SELECT pg_terminate_backend(active_pid) FROM " + which);
    while (!admin.run("SELECT FROM " + which + " AND active").empty()) std::this_thread::yield();
    admin.run("SELECT pg_drop_replication_slot(" + sql_text(slot_) + ")");
  }
  PostgresqlReplication() = default;
  PostgresqlReplication(const PostgresqlReplication&) = delete;
  PostgresqlReplication& operator=(const PostgresqlReplication&) = delete;

  ParkedName parked_ = park("parked");
  PostgresApplication reader_{server_.url(live_, "postgres") + "?replication=database", "the feed"};
  PostgresApplication app_{live_url()};
  std::string slot_;
};

TEST_F(PostgresqlReplication, WhoReadsASlotIsNamedBeforeAnythingIsDone) {
  start_reading("feed");
  const Error error = error_of([&] { plan(parked_, new_name()); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), AllOf(HasSubstr("slot feed"), HasSubstr(reader_.process_name()),
                                   HasSubstr("stop the feed first"),
                                   HasSubstr("pg_drop_replication_slot('feed');")));
  EXPECT_TRUE(reader_.connected());
  EXPECT_TRUE(app_.connected());
  expect_unchanged(parked_);
}

TEST_F(PostgresqlReplication, WhoReadsNoSlotYetIsNamedBeforeAnythingIsDone) {
  const Error error = error_of([&] { plan(parked_, new_name()); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), AllOf(HasSubstr("walsender " + reader_.process_name()),
                                   HasSubstr("stop what has started it")));
  EXPECT_TRUE(reader_.connected());
  EXPECT_TRUE(app_.connected());
  expect_unchanged(parked_);
}

TEST_F(PostgresqlSwap, HalfDroppedLiveDatabaseIsRefused) {
  const ParkedName a = park("parked");
  server_.admin("UPDATE pg_database SET datconnlimit = -2 WHERE datname = " + sql_text(live_));
  EXPECT_THAT(all_of(error_of([&] { plan(a, new_name()); })), HasSubstr("DROP DATABASE"));
}

TEST_F(PostgresqlSwap, RoleThatMayNotRenameIsToldTheStatements) {
  const ParkedName a = park("parked");
  server_.admin("ALTER DATABASE " + sql_name(live_) + " OWNER TO secret");
  const Error error = error_of([&] { plan(a, new_name()); });
  EXPECT_THAT(all_of(error), HasSubstr(R"(ALTER DATABASE "app's ""db""" OWNER TO "app";)"));
  server_.admin("ALTER DATABASE " + sql_name(live_) + " OWNER TO app");
  expect_unchanged(a);
}

TEST_F(PostgresqlSwap, LongestNameThatAServerKeepsIsSwapped) {
  server_.drop(live_);
  live_ = "n" + std::string(56, 'x') + "größ";
  ASSERT_EQ(live_.size(), 63U);
  server_.create(live_);
  fill(live_, "live");
  const ParkedName a = park("parked");
  const ParkedName b = new_name();
  swap(a, b);
  EXPECT_EQ(live_label(), "parked");
  EXPECT_EQ(label(b.str()), "live");
}

TEST_F(PostgresqlSwap, MissingLiveDatabaseIsMade) {
  const ParkedName a = park("parked");
  server_.drop(live_);
  const ParkedName b = new_name();
  const SwapPlan planned = plan(a, b);
  carry_out(planned);
  EXPECT_EQ(live_label(), "parked");
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_EQ(settle(open(), registry(), planned), Settled::done);
}

TEST_F(PostgresqlSwap, PlanOfAnotherTimeIsNotCarriedOut) {
  const ParkedName a = park("parked");
  const SwapPlan planned = plan(a, new_name());
  server_.create(live_);
  fill(live_, "another");
  EXPECT_EQ(error_of([&] { carry_out(planned); }).kind(), ErrorKind::busy);
  EXPECT_EQ(live_label(), "another");
}

TEST_F(PostgresqlSwap, WhoRenamesTheDatabaseAtTheSameTimeIsNamed) {
  const ParkedName a = park("parked");
  PostgresApplication other(server_.url("postgres"), "other tool");
  ASSERT_EQ(other.run("BEGIN; ALTER DATABASE " + a.str() + " RENAME TO quemsi_other"), "");
  const SwapPlan planned = plan(a, new_name());
  const Error error = error_of([&] { carry_out(planned); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  other.run("ROLLBACK");
  EXPECT_EQ(settle(open(), registry(), planned), Settled::not_done);
  expect_unchanged(a);
}

/// With an extension whose background worker is in the live database, as a superuser.
struct CronServer {
  static bool can_be_had() {
    return shared_postgres().admin(
               "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_cron'") != "";
  }
  std::unique_ptr<PostgresServer> own;
  CronServer() {
    if (!can_be_had()) return;
    own = std::make_unique<PostgresServer>(
        PostgresOptions{.settings = {"shared_preload_libraries = 'pg_cron'",
                                     R"(cron.database_name = 'app''s "db"')"}});
  }
};

class PostgresqlCron : private CronServer, public PostgresqlSwap {
 protected:
  PostgresqlCron() : PostgresqlSwap(own ? *own : shared_postgres()) {}
  void SetUp() override {
    if (!own) GTEST_SKIP() << "there is no pg_cron for this server";
  }

  /// Started again and again until there is such a database.
  [[nodiscard]] std::string pid_of_worker() const {
    PostgresApplication admin(server_.url("postgres", "postgres"));
    const std::string worker =
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'pg_cron launcher' AND datname = " +
        sql_text(live_);
    std::string pid;
    while ((pid = admin.run(worker)).empty()) std::this_thread::yield();
    return std::string(trim(pid));
  }
};

TEST_F(PostgresqlCron, BackgroundWorkerOfASuperuserIsNamedAndNobodyIsClosed) {
  const ParkedName a = park("parked");
  PostgresApplication app(live_url());
  const std::string pid = pid_of_worker();
  const Error error = refusal(a);
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), AllOf(HasSubstr("pg_cron scheduler (pid " + pid + ")"),
                                   HasSubstr("SELECT pg_terminate_backend(" + pid + ");"),
                                   HasSubstr("stop what starts it")));
  EXPECT_TRUE(app.connected());
  expect_unchanged(a);
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
