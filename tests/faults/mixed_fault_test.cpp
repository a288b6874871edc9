// One repository with a PostgreSQL, a MariaDB and two SQLite databases. Each of them in turn cannot
// be exchanged; then the program is killed at its calls, and its calls fail. All four are always
// one branch's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "faults/injection.hpp"
#include "faults/tally.hpp"
#include "support/application.hpp"
#include "support/file_damage.hpp"
#include "support/mariadb_server.hpp"
#include "support/postgres_server.hpp"
#include "support/sandbox.hpp"
#include "support/sqlite_cli.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;

constexpr const char* name = "shop mixed";

class MixedFaults : public testing::Test {
 protected:
  MixedFaults() : injection_(folder_.path()) {
    postgres_.create(name);
    mariadb_.create(name);
    all("CREATE TABLE items(id int PRIMARY KEY, name varchar(50));");
    all("INSERT INTO items VALUES (1, 'of main');");
    write_file(user_.top() / ".quemsi.yml",
               "version: 1\nconnections: wait\nbusy_timeout: 200ms\ndatabases:\n  sessions: "
               "sqlite:sessions.db\n  orders: \"" +
                   postgres_.url(name) + "\"\n  stock: \"" + mariadb_.url(name) +
                   "\"\n  jobs: sqlite:jobs.db\n");
    user_.quemsi({"init", "--yes"});
    user_.commit("Four databases");
    user_.git({"switch", "-q", "-c", "feature"});
    all("INSERT INTO items VALUES (2, 'of feature');");
    feature_ = dumps();
    user_.git({"switch", "-q", "main"});
    all("INSERT INTO items VALUES (3, 'unsaved on main');");
    main_ = dumps();
    user_.settle();
  }

  ~MixedFaults() override {
    Injection::clear(user_);
    user_.wait_for_processes(std::chrono::seconds(60));
  }

  /// In each of the four, by their own clients.
  void all(const std::string& sql) const {
    PostgresServer::psql(postgres_.url(name), sql);
    MariadbServer::client(mariadb_.url(name), sql);
    sqlite(sessions_, sql);
    sqlite(jobs_, sql);
  }
  [[nodiscard]] std::array<std::string, 4> dumps() const {
    return {dump(sessions_), PostgresServer::dump(postgres_.url(name)), mariadb_.dump(name),
            dump(jobs_)};
  }

  void expect_all_of_main(const std::string& when) { EXPECT_EQ(dumps(), main_) << when; }

  /// Both branches hold what they held; HEAD is on main afterwards.
  void expect_everything_there(const std::string& when) {
    EXPECT_EQ(user_.try_quemsi({"status"}).exit_code, 0) << when;
    const auto now = dumps();
    EXPECT_TRUE(now == main_ || now == feature_) << when;
    user_.settle();
    user_.git({"checkout", "-q"});
    user_.git({"switch", "-q", "feature"});
    EXPECT_EQ(dumps(), feature_) << when;
    user_.git({"switch", "-q", "main"});
    expect_all_of_main(when);
  }

  /// The switch to feature says that `database` stops it, and nothing moves; once the way is free,
  /// the next command brings all four along.
  void expect_stopped_by(const std::string& database) {
    const CommandResult stopped = user_.run({"git", "switch", "-q", "feature"});
    EXPECT_EQ(stopped.exit_code, 0) << stopped;
    EXPECT_THAT(stopped.err, HasSubstr(database));
    user_.git({"switch", "-q", "main"});
  }

  /// The switch to feature, and whatever comes of it taken back; false when nothing was struck.
  bool strike(const Fault& fault, std::int64_t at) {
    injection_.set(user_, "hook", fault, at);
    static_cast<void>(user_.run({"git", "switch", "-q", "feature"}));
    Injection::clear(user_);
    expect_everything_there(fault.name + " at call " + std::to_string(at) + ": " +
                            injection_.what());
    return injection_.hit();
  }

  void strike_all(const Fault& fault) {
    ASSERT_FALSE(strike(fault, 0));
    const std::int64_t step = injection_.step(fault.most);
    int cases = 0;
    for (std::int64_t at = 1; strike(fault, at) && !HasFailure(); at += step) ++cases;
    tally("switch of four databases", fault.name, cases, HasFailure() ? 1 : 0);
    EXPECT_GT(cases, fault.most / 2);
    user_.settle();
    const CommandResult fsck = user_.try_quemsi({"fsck"});
    EXPECT_EQ(fsck.exit_code, 0) << fsck;
  }

  PostgresServer postgres_;
  MariadbServer mariadb_;
  TempDir folder_;
  Sandbox user_{{.bin_dir = QUEMSI_BIN_DIR}};
  Injection injection_;
  std::filesystem::path sessions_ = user_.top() / "sessions.db";
  std::filesystem::path jobs_ = user_.top() / "jobs.db";
  std::array<std::string, 4> main_;
  std::array<std::string, 4> feature_;
};

TEST_F(MixedFaults, AConnectionToPostgresqlStopsAllOfThem) {
  {
    RunningCommand application(
        CommandRequest{.argv = {"psql", "-X", "-q", "-A", "-t", "-d", postgres_.url(name)},
                       .environment = {{"PATH", "/usr/bin:/bin"}}},
        RunningCommand::Input::piped);
    application.say("SELECT 'ready';\n");
    ASSERT_EQ(application.read_line(std::chrono::seconds(30)), "ready");
    expect_stopped_by("orders");
    expect_all_of_main("stopped");
  }
  expect_everything_there("the application is gone");
}

TEST_F(MixedFaults, ATransactionInMariadbStopsAllOfThem) {
  {
    RunningCommand application(
        CommandRequest{
            .argv = {"mariadb", "--no-defaults", "--batch", "--skip-column-names", "--unbuffered",
                     "--socket=" + mariadb_.socket().string(), "--user=app", name},
            .environment = {{"PATH", "/usr/bin:/bin"}}},
        RunningCommand::Input::piped);
    application.say("BEGIN; UPDATE items SET name = 'x'; SELECT 'ready';\n");
    ASSERT_EQ(application.read_line(std::chrono::seconds(30)), "ready");
    expect_stopped_by("stock");
    application.say("ROLLBACK; SELECT 'back';\n");
    ASSERT_EQ(application.read_line(std::chrono::seconds(30)), "back");
  }
  expect_everything_there("the transaction is gone");
}

TEST_F(MixedFaults, ALockInTheFirstOrTheLastStopsAllOfThem) {
  for (const auto& [database, file] : {std::pair{"sessions", sessions_}, {"jobs", jobs_}}) {
    Application application(file);
    application.sql("BEGIN EXCLUSIVE");
    expect_stopped_by(database);
    application.sql("ROLLBACK");
    expect_all_of_main(std::string("stopped by ") + database);
  }
  expect_everything_there("the locks are gone");
}

TEST_F(MixedFaults, AServerThatIsGoneStopsAllOfThem) {
  const auto stop_and_start = [&](auto& server, const char* database) {
    server.stop_immediately();
    const CommandResult stopped = user_.run({"git", "switch", "-q", "feature"});
    EXPECT_EQ(stopped.exit_code, 0) << stopped;
    EXPECT_NE(stopped.err, "") << database;
    server.start();
    expect_everything_there(std::string("without ") + database);
  };
  stop_and_start(postgres_, "orders");
  stop_and_start(mariadb_, "stock");
}

TEST_F(MixedFaults, KilledAtAnyCallTheyAreOneBranchs) {
  strike_all({.name = "kill", .action = FAULT_KILL, .most = 6});
}

TEST_F(MixedFaults, WithADiskThatFailsTheyAreOneBranchs) {
  strike_all({.name = "EIO", .action = FAULT_FAIL, .code = EIO, .most = 4});
}

}  // namespace
}  // namespace quemsi::test
