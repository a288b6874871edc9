// What a rename that was carried out, but has not told so, leaves.
#include "engine/postgresql/rename.hpp"

#include <chrono>
#include <thread>

#include "engine/postgresql/publish.hpp"
#include "engine/postgresql/removal.hpp"
#include "engine/postgresql/token.hpp"
#include "engine/postgresql_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The transaction that renames is through, what it says after that fails.
class MuteRename {
 public:
  explicit MuteRename(const PostgresServer& server) : server_(server) {
    server_.admin("REVOKE EXECUTE ON FUNCTION pg_catalog.current_setting(text) FROM PUBLIC");
  }
  ~MuteRename() {
    server_.admin("GRANT EXECUTE ON FUNCTION pg_catalog.current_setting(text) TO PUBLIC");
  }
  MuteRename(const MuteRename&) = delete;
  MuteRename& operator=(const MuteRename&) = delete;

 private:
  const PostgresServer& server_;
};

/// Transactions that have written are carried out, but wait for a standby that never comes before
/// they say so.
class HeldCommits {
 public:
  explicit HeldCommits(const PostgresServer& server)
      : server_(server), admin_(server.url("postgres", "postgres"), "an administrator") {
    set("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    std::thread writing([&] {
      PostgresApplication writer(server_.url("postgres", "postgres"), "a writer");
      const auto writes = [&] {
        return writer.run_once("SELECT pg_logical_emit_message(true, 'test', '')");
      };
      while (!writes().starts_with("ERROR")) {
      }
    });
    when_waiting("pg_terminate_backend(pid)", "application_name = 'a writer'");
    writing.join();
  }
  ~HeldCommits() { let(); }
  HeldCommits(const HeldCommits&) = delete;
  HeldCommits& operator=(const HeldCommits&) = delete;

  /// Once the session that renames waits.
  void when_renamed(const std::string& what) { when_waiting(what, "query LIKE '%RENAME%'"); }
  void let() { set("ALTER SYSTEM RESET synchronous_standby_names"); }

 private:
  void set(const std::string& sql) {
    admin_.run(sql);
    admin_.run("SELECT pg_reload_conf()");
  }
  void when_waiting(const std::string& what, const std::string& who) {
    const std::string sql =
        "SELECT " + what + " FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND " + who;
    while (admin_.run(sql).empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  const PostgresServer& server_;
  PostgresApplication admin_;
};

class PostgresqlRename : public PostgresqlWorld {
 protected:
  Token token_of_live() {
    Connection inside = open().connect(live_);
    return token_of(read_token_state(inside).value());
  }
  /// Grows with everybody whom the server did not let in to put somebody out.
  std::string refusals() const {
    return server_.admin(
        "SELECT length(log) - length(replace(log, 'too many connections for role', '')) FROM "
        "pg_read_file('log') AS log");
  }
  DatabaseSpec elsewhere() const {
    return {.name = "x", .engine = "postgresql", .url = server_.url("elsewhere")};
  }
};

TEST_F(PostgresqlRename, AnswerIsWaitedForWhenNobodyCanBePutOut) {
  const ParkedName a = park("parked");
  const ParkedName b = new_name();
  const Server server = open();
  Connection connection = server.maintenance();
  server_.admin("ALTER ROLE app CONNECTION LIMIT 1");
  {
    HeldCommits held(server_);
    std::thread answer([&] {
      held.when_renamed("true");
      const std::string before = refusals();
      while (refusals() == before) {
      }
      held.let();
    });
    WayClearer way(server, {a.str()});
    EXPECT_NO_THROW(rename_databases(server, connection, {{a.str(), b.str()}}, std::nullopt, way));
    answer.join();
  }
  server_.admin("ALTER ROLE app CONNECTION LIMIT -1");
  EXPECT_TRUE(exists(b.str()));
}

TEST_F(PostgresqlRename, ReplacedDatabaseGoesThoughTheRenameDidNotSaySo) {
  const ParkedName a = park("published");
  server_.create("elsewhere");
  {
    const MuteRename mute(server_);
    publish(open(), registry(), a, elsewhere(), true);
  }
  EXPECT_EQ(label("elsewhere"), "published");
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_EQ(server_.admin("SELECT count(*) FROM pg_database WHERE datname LIKE 'quemsi\\_%'"),
            "0\n");
  server_.drop("elsewhere");
}

TEST_F(PostgresqlRename, LiveGoesThoughTheRenameDidNotSaySo) {
  const ParkedName by_way_of = new_name();
  {
    const MuteRename mute(server_);
    drop_live(open(), registry(), token_of_live(), by_way_of);
  }
  EXPECT_FALSE(exists(live_) || exists(by_way_of.str()));
  EXPECT_THAT(listed(), IsEmpty());
}

TEST_F(PostgresqlRename, LiveGoesThoughTheSessionThatRenamedItWasLost) {
  context_.busy_timeout = std::chrono::seconds(20);
  const ParkedName by_way_of = new_name();
  HeldCommits held(server_);
  const Token token = token_of_live();
  std::thread loss([&] {
    held.when_renamed("pg_terminate_backend(pid)");
    held.let();
  });
  EXPECT_NO_THROW(drop_live(open(), registry(), token, by_way_of));
  loss.join();
  EXPECT_FALSE(exists(live_) || exists(by_way_of.str()));
}

TEST_F(PostgresqlRename, SwapIsDoneButProvesNothingWhenItDidNotSaySo) {
  const ParkedName a = park("parked");
  const ParkedName b = new_name();
  {
    const MuteRename mute(server_);
    EXPECT_EQ(swap(a, b), std::nullopt);
  }
  EXPECT_EQ(live_label(), "parked");
  EXPECT_THAT(listed(), ElementsAre(b.str()));
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
