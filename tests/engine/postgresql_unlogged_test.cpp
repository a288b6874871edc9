#include "engine/postgresql/unlogged.hpp"

#include "engine/postgresql/database.hpp"
#include "engine/postgresql_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct ServerToCrash {
  PostgresServer own_{PostgresOptions{.fsync = true}};
};

class PostgresqlUnlogged : private ServerToCrash, public PostgresqlWorld {
 protected:
  PostgresqlUnlogged() : PostgresqlWorld(own_) {}

  void add_unlogged_table() const {
    PostgresServer::psql(live_url(), "CREATE UNLOGGED TABLE u AS SELECT 1 AS x");
  }
  void crash() {
    own_.stop_immediately();
    own_.start();
  }
  void restart() {
    own_.stop();
    own_.start();
  }
  /// What live holds goes out, and what is parked comes in.
  void swap_out() { swap(in_, out_); }
  std::string unlogged_rows(const std::string& database) const {
    return PostgresServer::psql(url(database), "SELECT count(*) FROM u");
  }
  void open_copy() { PostgresqlDatabase(open(), registry()).open_parked(out_); }

  const ParkedName in_ = park("parked");
  const ParkedName out_ = new_name();
};

TEST_F(PostgresqlUnlogged, CopyThatACrashEmptiedIsUsedForNothing) {
  add_unlogged_table();
  swap_out();
  EXPECT_THAT(listed(), ElementsAre(out_.str()));
  crash();
  EXPECT_THAT(listed(), IsEmpty());
  const Error error = error_of([&] { plan(out_, new_name()); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), AllOf(HasSubstr(out_.str()), HasSubstr("unlogged tables")));
  EXPECT_THROW(clone_parked(open(), registry(), out_, new_name(), no_progress()), Error);
  EXPECT_EQ(live_label(), "parked");
  drop_parked(open(), registry(), out_);
  EXPECT_FALSE(exists(out_.str()));
}

TEST_F(PostgresqlUnlogged, ClonesKnowOfACrashToo) {
  add_unlogged_table();
  swap_out();
  const ParkedName clone = new_name();
  clone_parked(open(), registry(), out_, clone, no_progress());
  EXPECT_THAT(listed(), testing::SizeIs(2));
  crash();
  EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(PostgresqlUnlogged, RestartKeepsThem) {
  add_unlogged_table();
  swap_out();
  restart();
  EXPECT_THAT(listed(), ElementsAre(out_.str()));
  swap(out_, in_);
  EXPECT_EQ(unlogged_rows(live_), "1\n");
}

TEST_F(PostgresqlUnlogged, CopyWithoutSuchTablesOutlivesACrash) {
  swap_out();
  crash();
  EXPECT_THAT(listed(), ElementsAre(out_.str()));
  swap(out_, new_name());
  EXPECT_EQ(live_label(), "live");
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(PostgresqlUnlogged, WhatWasNotSealedIsSealedAsItIsAndTold) {
  add_unlogged_table();
  swap_out();
  crash();
  context_.notice = nullptr;
  open_copy();
  EXPECT_THAT(listed(), ElementsAre(out_.str()));
  context_.notice = [this](const std::string& line) { notices_.push_back(line); };
  PostgresqlDatabase database(open(), registry());
  database.probe();
  database.probe();
  EXPECT_THAT(notices_, ElementsAre(AllOf(HasSubstr("crashed"), HasSubstr("not sealed"))));
  swap(out_, new_name());
  EXPECT_EQ(live_label(), "live");
}

TEST_F(PostgresqlUnlogged, SwapIsTakenBackAfterACrash) {
  add_unlogged_table();
  swap_out();
  crash();
  swap(out_, in_);
  EXPECT_EQ(live_label(), "live");
  EXPECT_EQ(unlogged_rows(live_), "0\n");
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("crashed")));
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
