#include <thread>

#include "engine/postgresql_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PostgresqlSettle : public PostgresqlWorld {
 protected:
  Settled settle(const SwapPlan& planned) {
    return postgresql_engine::settle(open(), registry(), planned);
  }
};

TEST_F(PostgresqlSettle, TellsBothEndsAsOftenAsItIsAsked) {
  const ParkedName a = park("parked");
  const ParkedName b = new_name();
  const SwapPlan planned = plan(a, b);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(settle(planned), Settled::not_done);
  carry_out(planned);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(settle(planned), Settled::done);
  EXPECT_THAT(listed(), ElementsAre(b.str()));
}

TEST_F(PostgresqlSettle, MarkersFollowWhatTheServerDid) {
  const ParkedName a = park("parked");
  const ParkedName b = new_name();
  const SwapPlan planned = plan(a, b);
  registry().mark(b, planned.server);
  PostgresServer::psql(server_.url("postgres"), "BEGIN; ALTER DATABASE " + sql_name(live_) +
                                                    " RENAME TO " + b.str() + "; ALTER DATABASE " +
                                                    a.str() + " RENAME TO " + sql_name(live_) +
                                                    "; COMMIT");
  EXPECT_EQ(settle(planned), Settled::done);
  EXPECT_THAT(listed(), ElementsAre(b.str()));
  EXPECT_FALSE(registry().is_marked(a, planned.server));
}

TEST_F(PostgresqlSettle, SessionOfAKilledProcessIsEndedFirst) {
  const ParkedName a = park("parked");
  const SwapPlan planned = plan(a, new_name());
  PostgresApplication ghost(server_.url("postgres"), swap_application(planned));
  ASSERT_EQ(ghost.run("BEGIN; ALTER DATABASE " + a.str() + " RENAME TO quemsi_ghost"), "");
  EXPECT_EQ(settle(planned), Settled::not_done);
  EXPECT_TRUE(ghost.gets_closed());
  EXPECT_EQ(label(a.str()), "parked");
}

TEST_F(PostgresqlSettle, RenamingByHandIsNotGuessedAt) {
  const ParkedName a = park("parked");
  const SwapPlan planned = plan(a, new_name());
  server_.admin("ALTER DATABASE " + sql_name(live_) + " RENAME TO quemsi_elsewhere");
  const Error error = error_of([&] { settle(planned); });
  EXPECT_EQ(error.kind(), ErrorKind::engine);
  EXPECT_THAT(all_of(error),
              HasSubstr(R"(ALTER DATABASE "quemsi_elsewhere" RENAME TO "app's ""db""";)"));
  server_.admin("ALTER DATABASE quemsi_elsewhere RENAME TO " + sql_name(live_));
  EXPECT_EQ(settle(planned), Settled::not_done);
}

TEST_F(PostgresqlSettle, WhatWasDroppedSinceDoesNotMatter) {
  const ParkedName a = park("parked");
  const ParkedName b = new_name();
  const SwapPlan planned = plan(a, b);
  server_.drop(a.str());
  EXPECT_EQ(settle(planned), Settled::not_done);
  const ParkedName c = park("parked");
  const SwapPlan again = plan(c, b);
  carry_out(again);
  server_.drop(b.str());
  EXPECT_EQ(settle(again), Settled::done);
}

TEST_F(PostgresqlSettle, AnotherServerIsRefused) {
  const ParkedName a = park("parked");
  SwapPlan planned = plan(a, new_name());
  planned.server += "0";
  EXPECT_THAT(error_of([&] { settle(planned); }).what(), HasSubstr("another server"));
}

TEST_F(PostgresqlSettle, PlanOfAnotherReleaseIsRefused) {
  for (const char* text : {"", "{}", "[1]", R"({"version":2})", R"({"version":1,"live":"x"})"}) {
    EXPECT_EQ(error_of([&] { decode_plan(text); }).kind(), ErrorKind::internal) << text;
  }
}

/// A server that crashes must be one's own; what it has committed it must still have.
class PostgresqlCrash : public testing::Test {
 protected:
  PostgresqlCrash() {
    std::filesystem::create_directory(context_.state_dir);
    server_.create("app");
    fill("app", "live");
  }
  void fill(const std::string& database, const std::string& label) {
    PostgresServer::psql(server_.url(database),
                         "CREATE TABLE t AS SELECT " + sql_text(label) + "::text AS label");
  }
  std::string label(const std::string& database) {
    return PostgresServer::psql(server_.url(database), "SELECT label FROM t");
  }
  ParkedName park() {
    const Server server(spec_, context_);
    Connection connection = server.maintenance();
    const ParkedName name = parked_name(new_image_id());
    ParkedDraft draft(server, registry_, connection, name, "TEMPLATE template0");
    fill(name.str(), "parked");
    draft.keep();
    return name;
  }

  SwapPlan plan(const ParkedName& incoming, const ParkedName& outgoing) {
    const Server server(spec_, context_);
    Connection connection = server.maintenance();
    return plan_swap(server, registry_, connection, incoming, outgoing);
  }
  void carry_out(const SwapPlan& planned) {
    const Server server(spec_, context_);
    Connection connection = server.maintenance();
    exchange(server, registry_, connection, planned, std::nullopt);
  }

  PostgresServer server_{PostgresOptions{.fsync = true}};
  TempDir dir_;
  EngineContext context_{.top = dir_.path(),
                         .state_dir = dir_.path() / "state",
                         .busy_timeout = std::chrono::seconds(20),
                         .connections = ConnectionPolicy::wait};
  DatabaseSpec spec_{.name = "app", .engine = "postgresql", .url = server_.url("app")};
  ParkedRegistry registry_{context_.state_dir, "app"};
};

TEST_F(PostgresqlCrash, InTheMiddleOfASwapLeavesItUndone) {
  const ParkedName a = park();
  const SwapPlan planned = plan(a, parked_name(new_image_id()));
  PostgresApplication holder(server_.url("app"));
  std::thread crash([&] {
    PostgresApplication admin(server_.url("postgres", "postgres"));
    // The renaming is under way once its session is there.
    while (admin.run("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE "
                     "'git-quemsi swap%'") != "1\n") {
    }
    server_.stop_immediately();
  });
  EXPECT_THROW(carry_out(planned), Error);
  crash.join();
  EXPECT_THROW(settle(Server(spec_, context_), registry_, planned), Error);
  server_.start();
  EXPECT_EQ(settle(Server(spec_, context_), registry_, planned), Settled::not_done);
  EXPECT_EQ(label("app"), "live\n");
  EXPECT_EQ(label(a.str()), "parked\n");
}

TEST_F(PostgresqlCrash, RightAfterASwapKeepsIt) {
  const ParkedName a = park();
  const ParkedName b = parked_name(new_image_id());
  const SwapPlan planned = plan(a, b);
  carry_out(planned);
  server_.stop_immediately();
  server_.start();
  EXPECT_EQ(settle(Server(spec_, context_), registry_, planned), Settled::done);
  EXPECT_EQ(label("app"), "parked\n");
  EXPECT_EQ(label(b.str()), "live\n");
}

/// Wherever in the swap the server crashes, both contents are in exactly one of two places.
TEST_F(PostgresqlCrash, AtAnyMomentLeavesOneOfTheTwoEnds) {
  context_.connections = ConnectionPolicy::terminate;
  ParkedName incoming = park();
  for (int delay_us = 0; delay_us < 12000; delay_us += 2000) {
    const ParkedName outgoing = parked_name(new_image_id());
    const std::string before = label("app");
    const SwapPlan planned = plan(incoming, outgoing);
    std::thread crash([&] {
      std::this_thread::sleep_for(std::chrono::microseconds(delay_us));
      server_.stop_immediately();
    });
    try {
      carry_out(planned);
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): settle() tells
    }
    crash.join();
    server_.start();
    const bool done = settle(Server(spec_, context_), registry_, planned) == Settled::done;
    const std::string now = label("app");
    const std::string parked = label(done ? outgoing.str() : incoming.str());
    EXPECT_EQ(done, now != before) << delay_us;
    EXPECT_NE(now, parked) << delay_us;
    if (done) incoming = outgoing;
  }
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
