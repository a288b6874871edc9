// PostgreSQL: the program is killed before every message that it sends to the server and every
// file that it changes; then the server itself crashes at moments of a switch. The next commands
// find a complete state and every row of both branches.
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "faults/injection.hpp"
#include "faults/tally.hpp"
#include "support/postgres_server.hpp"
#include "support/sandbox.hpp"

namespace quemsi::test {
namespace {

/// main has unsaved rows, feature a state of its own, "first" is a snapshot of another.
class PostgresqlFaults : public testing::Test {
 protected:
  PostgresqlFaults() : injection_(folder_.path()) {
    server_.create(database);
    sql("CREATE TABLE users(id integer PRIMARY KEY, name text);"
        "CREATE TABLE events(at timestamptz, what text);"
        "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 500) n;");
    user_.quemsi({"init", "--yes", "--url", server_.url(database)});
    user_.commit("Let the database follow");
    user_.quemsi({"snapshot", "first"});
    first_ = dump();
    user_.git({"switch", "-q", "-c", "feature"});
    sql("ALTER TABLE users ADD COLUMN tenant integer; UPDATE users SET tenant = 7;"
        "INSERT INTO events VALUES ('2026-01-01', 'only on feature');");
    feature_ = dump();
    user_.git({"switch", "-q", "main"});
    sql("INSERT INTO users VALUES (1000, 'unsaved on main');");
    main_ = dump();
    user_.settle();
  }

  ~PostgresqlFaults() override {
    Injection::clear(user_);
    user_.wait_for_processes(std::chrono::seconds(60));
    server_.drop(database);
  }

  void sql(const std::string& text) const { PostgresServer::psql(server_.url(database), text); }
  [[nodiscard]] std::string dump() const { return PostgresServer::dump(server_.url(database)); }

  /// Runs `command` killed at call `at` of the process `verb`; false when it got through.
  bool strike(const Words& command, const std::string& verb, std::int64_t at) {
    injection_.set(user_, verb, {.name = "kill", .action = FAULT_KILL}, at);
    static_cast<void>(user_.run(command));
    Injection::clear(user_);
    return injection_.hit();
  }

  /// Both branches hold what they held; HEAD is on main afterwards.
  void expect_everything_there(const std::string& when) {
    EXPECT_EQ(user_.try_quemsi({"status"}).exit_code, 0) << when;
    user_.settle();
    user_.git({"checkout", "-q"});
    user_.git({"switch", "-q", "feature"});
    EXPECT_EQ(dump(), feature_) << when;
    user_.git({"switch", "-q", "main"});
    EXPECT_EQ(dump(), main_) << when;
  }

  /// Strikes every call of `command`, or some from its first to its last.
  void strike_all(const Words& command, const std::string& verb,
                  const std::function<void()>& take_back) {
    EXPECT_FALSE(strike(command, verb, 0)) << "they are counted";
    take_back();
    expect_everything_there("nothing was struck");
    const std::int64_t step = injection_.step(most);
    int cases = 0;
    for (std::int64_t at = 1; !HasFailure() && strike(command, verb, at); at += step) {
      const std::string when = "killed at call " + std::to_string(at) + ": " + injection_.what();
      EXPECT_EQ(user_.try_quemsi({"status"}).exit_code, 0) << when;
      take_back();
      expect_everything_there(when);
      ++cases;
    }
    tally(verb + " on PostgreSQL", "kill", cases, HasFailure() ? 1 : 0);
    EXPECT_GT(cases, most / 2);
    take_back();
    expect_everything_there("after it went through");
  }

  void expect_sound_store() {
    user_.settle();
    const CommandResult fsck = user_.try_quemsi({"fsck"});
    EXPECT_EQ(fsck.exit_code, 0) << fsck;
  }

  static constexpr const char* database = "shop faults";
  static constexpr std::int64_t most = 5;
  PostgresServer server_;
  TempDir folder_;
  Sandbox user_{{.bin_dir = QUEMSI_BIN_DIR}};
  Injection injection_;
  std::string first_;
  std::string main_;
  std::string feature_;
};

TEST_F(PostgresqlFaults, AKilledSwitchLosesNothing) {
  strike_all({"git", "switch", "-q", "feature"}, "hook", [] {});
  expect_sound_store();
}

TEST_F(PostgresqlFaults, AKilledRestoreLosesNothing) {
  strike_all({"git", "quemsi", "restore", "first", "--yes"}, "restore", [&] {
    if (dump() == first_) user_.quemsi({"undo", "--yes"});
    EXPECT_EQ(dump(), main_);
  });
  expect_sound_store();
}

TEST_F(PostgresqlFaults, AKilledSnapshotLosesNothing) {
  strike_all({"git", "quemsi", "snapshot", "new"}, "snapshot", [&] {
    static_cast<void>(user_.try_quemsi({"delete", "new", "--yes"}));
  });
  expect_sound_store();
}

TEST_F(PostgresqlFaults, AKilledWorkerLosesNothing) {
  const std::int64_t step = strikes_all() ? 1 : 47;
  int cases = 0;
  for (std::int64_t at = 1; at < 200 && !HasFailure(); at += step) {
    user_.git({"switch", "-q", "feature"});
    user_.git({"switch", "-q", "main"});
    strike({"git-quemsi", "worker"}, "worker", at);
    expect_everything_there("the worker killed at call " + std::to_string(at));
    ++cases;
  }
  tally("worker on PostgreSQL", "kill", cases, HasFailure() ? 1 : 0);
  expect_sound_store();
}

TEST_F(PostgresqlFaults, AServerThatCrashesLosesNothing) {
  constexpr int rounds = 4;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    RunningCommand hook(user_.request({"git", "switch", "-q", "feature"}));
    // Somewhere in the middle, each round a little later.
    std::this_thread::sleep_for(std::chrono::milliseconds(5 * round));
    server_.stop_immediately();
    EXPECT_EQ(hook.finish().exit_code, 0);
    server_.start();
    expect_everything_there("the server crashed in round " + std::to_string(round));
  }
  tally("switch on PostgreSQL", "server crash", rounds, HasFailure() ? 1 : 0);
  expect_sound_store();
}

}  // namespace
}  // namespace quemsi::test
