#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "engine/sqlite/backup.hpp"
#include "engine/sqlite/reader.hpp"
#include "engine/sqlite/swap_plan.hpp"
#include "engine/sqlite_world.hpp"
#include "support/file_damage.hpp"

namespace quemsi::sqlite_engine::test {
namespace {

using testing::IsEmpty;

/// A swap stopped by hand after each of its steps.
class SqliteSettle : public SqliteWorld, public testing::WithParamInterface<const char*> {
 protected:
  SqliteSettle() {
    make_live(GetParam(), 4096, "old");
    incoming_ = park_database(GetParam(), 4096, "new");
    text_ = database_.plan_swap(incoming_, outgoing_);
    plan_ = decode_plan(text_);
  }

  void keep_outgoing() {
    Reader(live_, context_.busy_timeout).copy_to(plan_.outgoing, CopyLimit::none, no_progress());
  }
  void commit() {
    sqlite::Connection to(live_, sqlite::Open::read_write, context_.busy_timeout);
    sqlite::Connection from(plan_.incoming, sqlite::Open::read_write, context_.busy_timeout);
    Backup backup(to, from);
    backup.run(no_progress());
    backup.finish();
  }
  void expect_not_done() {
    for (int i = 0; i < 2; ++i) EXPECT_EQ(database_.settle(text_), Settled::not_done);
    EXPECT_EQ(labels(path_of(incoming_)), "new\n");
  }
  void expect_done() {
    for (int i = 0; i < 2; ++i) EXPECT_EQ(database_.settle(text_), Settled::done);
    EXPECT_EQ(labels(path_of(outgoing_)), "old\n");
    EXPECT_FALSE(identity_of(plan_.incoming));
  }

  ParkedName incoming_{"none"};
  ParkedName outgoing_ = new_name();
  std::string text_;
  SwapPlan plan_;
};

TEST_P(SqliteSettle, LinkedOnlyIsNotDone) {
  ASSERT_EQ(link(plan_.live.c_str(), plan_.outgoing.c_str()), 0);
  expect_not_done();
  EXPECT_FALSE(identity_of(plan_.outgoing));
  EXPECT_EQ(labels(live_), "old\n");
}

TEST_P(SqliteSettle, RenamedIsDone) {
  ASSERT_EQ(link(plan_.live.c_str(), plan_.outgoing.c_str()), 0);
  std::filesystem::rename(plan_.incoming, plan_.live);
  expect_done();
  EXPECT_EQ(labels(live_), "new\n");
}

TEST_P(SqliteSettle, DevicesNumberedAnewByARestartDoNotConfuse) {
  plan_.live_identity->device += 7;
  plan_.incoming_identity.device += 7;
  text_ = encode(plan_);
  expect_not_done();
  ASSERT_EQ(link(plan_.live.c_str(), plan_.outgoing.c_str()), 0);
  expect_not_done();
  ASSERT_EQ(link(plan_.live.c_str(), plan_.outgoing.c_str()), 0);
  std::filesystem::rename(plan_.incoming, plan_.live);
  expect_done();
}

TEST_P(SqliteSettle, EqualInodesOfTwoDevicesAreNotTakenForARename) {
  plan_.incoming_identity = {plan_.live_identity->device + 1, plan_.live_identity->inode};
  text_ = encode(plan_);
  expect_not_done();
}

TEST_P(SqliteSettle, HalfTakenBackIsDone) {
  ASSERT_EQ(link(plan_.live.c_str(), plan_.outgoing.c_str()), 0);
  std::filesystem::rename(plan_.incoming, plan_.live);
  ASSERT_EQ(link(plan_.live.c_str(), plan_.incoming.c_str()), 0);
  expect_done();
  EXPECT_EQ(labels(live_), "new\n");
}

TEST_P(SqliteSettle, KeptButNotCommittedIsNotDone) {
  keep_outgoing();
  expect_not_done();
  EXPECT_FALSE(identity_of(plan_.outgoing));
  EXPECT_EQ(labels(live_), "old\n");
}

TEST_P(SqliteSettle, WhatAnApplicationReplacedSinceIsNotDiscarded) {
  keep_outgoing();
  sqlite_shell(live_, "UPDATE t SET label='newer' WHERE id=1;");
  expect_not_done();
  EXPECT_EQ(labels(path_of(outgoing_)), "old\n");
  EXPECT_EQ(labels(live_), "newer\nold\n");
}

TEST_P(SqliteSettle, ChangedSchemaWithoutCommitIsNotDone) {
  keep_outgoing();
  sqlite_shell(live_, "CREATE TABLE added(x); INSERT INTO added VALUES(1);");
  expect_not_done();
  EXPECT_EQ(labels(live_), "old\n");
  EXPECT_EQ(sqlite_shell(live_, "SELECT * FROM added;"), "1\n");
}

TEST_P(SqliteSettle, CommittedIsDone) {
  keep_outgoing();
  commit();
  expect_done();
  EXPECT_EQ(labels(live_), "new\n");
}

class SqliteSettleLog : public SqliteSettle {};

/// A commit whose sync failed: it stands in the log, and the index of the log does not know it.
TEST_P(SqliteSettleLog, FailedCommitDoesNotComeBack) {
  const std::filesystem::path index = live_.native() + "-shm";
  SqliteShell application(live_);
  application.run("PRAGMA wal_autocheckpoint=0; UPDATE t SET label=label;");
  keep_outgoing();
  const std::string before = quemsi::test::read_file(index);
  commit();
  std::fstream(index, std::ios::in | std::ios::out | std::ios::binary) << before;
  ASSERT_EQ(application.run("SELECT DISTINCT label FROM t;"), "old\n");
  expect_not_done();
  application.kill();
  EXPECT_EQ(labels(live_), "old\n");
}

TEST_P(SqliteSettle, CommittedAndWrittenToIsDone) {
  keep_outgoing();
  commit();
  sqlite_shell(live_, "CREATE TABLE added(x); UPDATE t SET label='newer' WHERE id=1;");
  expect_done();
  EXPECT_EQ(labels(live_), "new\nnewer\n");
}

TEST_P(SqliteSettle, EqualContentIsDoneEitherWay) {
  database_.drop_parked(incoming_);
  ASSERT_TRUE(database_.copy_live(incoming_, Content::all, CopyLimit::none, no_progress()));
  text_ = database_.plan_swap(incoming_, outgoing_);
  keep_outgoing();
  commit();
  expect_done();
  EXPECT_EQ(labels(live_), "old\n");
}

TEST_P(SqliteSettle, SwapWithAPlanThatIsOutOfDateChangesNothing) {
  std::filesystem::copy_file(live_, dir_.path() / "other.db");
  sqlite_shell(dir_.path() / "other.db", "UPDATE t SET label='replaced';");
  std::filesystem::rename(dir_.path() / "other.db", live_);
  EXPECT_EQ(error_of([&] { database_.swap(text_); }).kind(), ErrorKind::busy);
  EXPECT_EQ(labels(live_), "replaced\n");
  expect_not_done();
}

INSTANTIATE_TEST_SUITE_P(Modes, SqliteSettle, testing::Values("delete", "wal"));
INSTANTIATE_TEST_SUITE_P(Modes, SqliteSettleLog, testing::Values("wal"));

TEST(SqlitePlan, SurvivesAnyPath) {
  SwapPlan plan;
  plan.live = "/a b/%20/ü\xff\"'\\\n.db";
  plan.incoming = "/in";
  plan.outgoing = "/out";
  plan.live_identity = FileIdentity{1, 2};
  plan.incoming_identity = {3, 4};
  const std::string text = encode(plan);
  for (const char c : text) EXPECT_TRUE(c >= 0x20 && c < 0x7f);
  const SwapPlan read = decode_plan(text);
  EXPECT_EQ(read.live, plan.live);
  EXPECT_EQ(read.live_identity, plan.live_identity);
  EXPECT_EQ(read.incoming_identity, plan.incoming_identity);
}

TEST(SqlitePlan, ForeignTextIsRefused) {
  for (const char* text : {"", "{}", "[]", "x", R"({"version":2})"}) {
    EXPECT_EQ(error_of([&] { decode_plan(text); }).kind(), ErrorKind::internal) << text;
  }
}

}  // namespace
}  // namespace quemsi::sqlite_engine::test
