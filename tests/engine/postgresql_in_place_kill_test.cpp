// An exchange in place that is killed ends at one of its two ends.
#include "engine/postgresql_in_place_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class PostgresqlInPlaceKilled : public InPlaceWorld {
 protected:
  PostgresqlInPlaceKilled() {
    context_.connections = ConnectionPolicy::wait;
    context_.busy_timeout = std::chrono::seconds(60);
    // Building the index waits for whoever holds the lock.
    run("CREATE FUNCTION gate(x integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS "
        "$$BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN x; END$$;"
        "CREATE TABLE t(id integer PRIMARY KEY); INSERT INTO t VALUES (1);"
        "CREATE INDEX ON t (public.gate(id))");
    incoming_ = park();
    run("INSERT INTO t VALUES (2)");
    before_ = live_dump();
    plan_ = serve()->plan_swap(incoming_, outgoing_);
  }

  void expect_not_done() {
    for (int i = 0; i < 2; ++i) EXPECT_EQ(serve()->settle(plan_), Settled::not_done);
    EXPECT_EQ(live_dump(), before_);
    EXPECT_THAT(listed(), ElementsAre(incoming_.str()));
    // And nothing is in the way of trying again.
    swap(incoming_, outgoing_);
    EXPECT_EQ(run("SELECT id FROM t"), "1\n");
    EXPECT_EQ(dump_of(outgoing_), before_);
  }

  ParkedName incoming_ = new_name();
  ParkedName outgoing_ = new_name();
  std::string before_;
  std::string plan_;
};

TEST_F(PostgresqlInPlaceKilled, BeforeItHasItsLocks) {
  PostgresApplication writer(spec_.url);
  writer.run("BEGIN; UPDATE t SET id = id");
  swap_and_kill(plan_, [&] { wait_until_blocked(); });
  writer.run("ROLLBACK");
  expect_not_done();
}

TEST_F(PostgresqlInPlaceKilled, WhenWhatGoesOutIsSaved) {
  PostgresApplication reader(spec_.url);
  reader.run("BEGIN; SELECT count(*) FROM t");
  swap_and_kill(plan_, [&] { wait_until_blocked(); });
  EXPECT_THAT(listed(), testing::UnorderedElementsAre(incoming_.str(), outgoing_.str()));
  reader.run("ROLLBACK");
  expect_not_done();
}

TEST_F(PostgresqlInPlaceKilled, InTheMiddleOfBuilding) {
  PostgresApplication gate(spec_.url);
  gate.run("SELECT pg_advisory_lock(42)");
  swap_and_kill(plan_, [&] { wait_until_blocked(); });
  EXPECT_EQ(serve()->settle(plan_), Settled::not_done);
  gate.run("SELECT pg_advisory_unlock(42)");
  expect_not_done();
}

TEST_F(PostgresqlInPlaceKilled, RightAfterTheCommit) {
  const ParkedName kept = new_name();
  serve()->clone_parked(incoming_, kept, no_progress());
  static_cast<void>(serve()->swap(plan_));
  serve()->clone_parked(kept, incoming_, no_progress());
  for (int i = 0; i < 2; ++i) EXPECT_EQ(serve()->settle(plan_), Settled::done);
  EXPECT_EQ(run("SELECT id FROM t"), "1\n");
  EXPECT_EQ(dump_of(outgoing_), before_);
  EXPECT_THAT(listed(), testing::UnorderedElementsAre(kept.str(), outgoing_.str()));
}

TEST_F(PostgresqlInPlaceKilled, AtAnyMomentLeavesOneOfTheTwoEnds) {
  using Clock = std::chrono::steady_clock;
  const ParkedName first = new_name();
  const std::string plan_of_one = serve()->plan_swap(incoming_, first);
  const auto start = Clock::now();
  static_cast<void>(serve()->swap(plan_of_one));
  const auto whole = Clock::now() - start;
  ParkedName incoming = first;
  constexpr int parts = 8;
  for (int part = 0; part <= parts + 1; ++part) {
    const ParkedName outgoing = new_name();
    const std::string before = run("SELECT count(*) FROM t");
    const std::string plan = serve()->plan_swap(incoming, outgoing);
    swap_and_kill(plan, [&] { std::this_thread::sleep_for(whole * part / parts); });
    const bool done = serve()->settle(plan) == Settled::done;
    const ParkedName& parked = done ? outgoing : incoming;
    EXPECT_EQ(done, run("SELECT count(*) FROM t") != before) << part;
    EXPECT_THAT(listed(), ElementsAre(parked.str())) << part;
    EXPECT_EQ(run_on(parked, "SELECT count(*) FROM t") == before, done) << part;
    incoming = parked;
  }
}

TEST_F(PostgresqlInPlaceKilled, SoLongAgoThatOnlyTheContentTells) {
  const auto database = serve();
  // As if the server had forgotten the transaction: this file names none.
  database->copy_live(outgoing_, Content::all, CopyLimit::none, no_progress());
  run("INSERT INTO t VALUES (3)");
  EXPECT_THAT(error_of([&] { database->settle(plan_); }).causes(),
              testing::Contains(HasSubstr(outgoing_.str())));
  EXPECT_THAT(listed(), testing::UnorderedElementsAre(incoming_.str(), outgoing_.str()));
  run("DELETE FROM t WHERE id = 3");
  EXPECT_EQ(database->settle(plan_), Settled::not_done);
  EXPECT_THAT(listed(), ElementsAre(incoming_.str()));
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
