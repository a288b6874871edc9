// The connection to the server breaks at some byte of a switch, a snapshot, a restore from the
// store; then the server is as before, or cannot be reached for a while. The next commands find a
// complete state, and every row of both branches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "faults/injection.hpp"
#include "faults/tally.hpp"
#include "support/cutting_proxy.hpp"
#include "support/file_damage.hpp"
#include "support/mariadb_server.hpp"
#include "support/postgres_server.hpp"
#include "support/sandbox.hpp"

namespace quemsi::test {
namespace {

using Then = CuttingProxy::Then;

constexpr const char* name = "shop cut";

/// A server, seen from an administrator's side and through the proxy.
struct Side {
  std::string engine;
  std::function<void()> create;
  std::function<void()> drop;
  std::function<void(const std::string&)> sql;
  std::function<std::string()> dump;
  std::filesystem::path socket;  ///< the server's
  std::filesystem::path proxy;   ///< where the proxy listens
  std::string url;               ///< by the proxy
};

Side postgresql_side(const std::filesystem::path& folder) {
  PostgresServer& server = shared_postgres();
  const std::string direct = server.url(name);
  std::string url = direct;
  const std::string encoded =
      direct.substr(direct.find('@') + 1, direct.rfind('/') - direct.find('@') - 1);
  url.replace(url.find(encoded), encoded.size(), "");
  return {.engine = "PostgreSQL",
          .create = [&server] { server.create(name); },
          .drop = [&server] { server.drop(name); },
          .sql = [direct](const std::string& text) { PostgresServer::psql(direct, text); },
          .dump = [direct] { return PostgresServer::dump(direct); },
          .socket = server.socket_folder() / ".s.PGSQL.5432",
          .proxy = folder / ".s.PGSQL.5432",
          .url = url + "?host=" + folder.string()};
}

Side mariadb_side(const std::filesystem::path& folder) {
  MariadbServer& server = shared_mariadb();
  const std::string direct = server.url(name);
  return {.engine = "MariaDB",
          .create = [&server] { server.create(name); },
          .drop = [&server] { server.drop(name), server.drop_parked(); },
          .sql = [direct](const std::string& text) { MariadbServer::client(direct, text); },
          .dump = [&server] { return server.dump(name); },
          .socket = server.socket(),
          .proxy = folder / "s",
          .url = direct.substr(0, direct.find('?')) + "?socket=" + (folder / "s").string()};
}

using MakeSide = Side (*)(const std::filesystem::path&);

class CutConnection : public testing::TestWithParam<MakeSide> {
 protected:
  CutConnection() {
    side_.create();
    side_.sql(
        "CREATE TABLE users(id INTEGER PRIMARY KEY, name VARCHAR(50));"
        "INSERT INTO users VALUES (1, 'first');");
    write_file(user_.top() / ".quemsi.yml",
               "version: 1\nbusy_timeout: 2s\nwarm: 0\ndatabases:\n  app: \"" + side_.url + "\"\n");
    user_.quemsi({"init", "--yes"});
    user_.commit("Let the database follow");
    user_.quemsi({"snapshot", "first"});
    first_ = side_.dump();
    user_.git({"switch", "-q", "-c", "feature"});
    side_.sql(
        "ALTER TABLE users ADD COLUMN tenant INTEGER; INSERT INTO users VALUES (2, 'of feature', "
        "7);");
    feature_ = side_.dump();
    user_.git({"switch", "-q", "main"});
    side_.sql("INSERT INTO users VALUES (3, 'unsaved on main');");
    main_ = side_.dump();
    user_.settle();
  }
  ~CutConnection() override {
    proxy_.carry_all();
    user_.wait_for_processes(std::chrono::seconds(60));
    side_.drop();
  }

  /// Both branches hold what they held; HEAD is on main afterwards.
  void expect_everything_there(const std::string& when) {
    EXPECT_EQ(user_.try_quemsi({"status"}).exit_code, 0) << when;
    user_.settle();
    user_.git({"checkout", "-q"});
    user_.git({"switch", "-q", "feature"});
    EXPECT_EQ(side_.dump(), feature_) << when;
    user_.git({"switch", "-q", "main"});
    EXPECT_EQ(side_.dump(), main_) << when;
    user_.settle();
  }

  /// Bytes that it needs.
  std::uint64_t weigh(const Words& command, const std::function<void()>& take_back) {
    proxy_.carry_all();
    const CommandResult result = user_.run(command);
    EXPECT_EQ(result.exit_code, 0) << result;
    const std::uint64_t bytes = proxy_.carried();
    take_back();
    expect_everything_there("nothing was cut");
    return bytes;
  }

  /// False when the command needed less.
  bool strike(const Words& command, std::uint64_t at, Then then,
              const std::function<void()>& take_back) {
    proxy_.cut_at(at, then);
    const CommandResult result = user_.run(command);
    const bool cut = proxy_.has_cut();
    proxy_.carry_all();
    const std::string when = "cut at byte " + std::to_string(at) +
                             (then == Then::go_on ? ", then reached" : ", then not reached") +
                             "\n" + result.err;
    EXPECT_EQ(user_.try_quemsi({"status"}).exit_code, 0) << when;
    take_back();
    expect_everything_there(when);
    return cut;
  }

  void strike_all(const std::string& what, const Words& command,
                  const std::function<void()>& take_back) {
    const std::uint64_t bytes = weigh(command, take_back);
    ASSERT_GT(bytes, 1000U);
    const std::uint64_t most = strikes_all() ? 200 : 10;
    int cases = 0;
    for (std::uint64_t i = 0; i < most && !HasFailure(); ++i) {
      // Not always at the beginning of a message.
      const std::uint64_t at = 1 + i * bytes / most + i * 7919 % (bytes / most);
      for (const Then then : {Then::go_on, Then::refuse}) {
        if (strike(command, at, then, take_back)) ++cases;
      }
    }
    EXPECT_GT(cases, 10);
    tally(what + " on " + side_.engine, "connection cut", cases, HasFailure() ? 1 : 0);
    EXPECT_EQ(user_.try_quemsi({"fsck"}).exit_code, 0);
  }

  TempDir folder_;
  Side side_ = GetParam()(folder_.path());
  CuttingProxy proxy_{side_.proxy, side_.socket};
  Sandbox user_{{.bin_dir = QUEMSI_FAULT_BIN_DIR}};
  std::string first_;
  std::string main_;
  std::string feature_;
};

TEST_P(CutConnection, InASwitchLosesNothing) {
  strike_all("switch", {"git", "switch", "-q", "feature"}, [] {});
}

TEST_P(CutConnection, InASnapshotLosesNothing) {
  strike_all("snapshot", {"git", "quemsi", "snapshot", "new"}, [&] {
    static_cast<void>(user_.try_quemsi({"delete", "new", "--yes"}));
  });
}

TEST_P(CutConnection, InARestoreFromTheStoreLosesNothing) {
  strike_all("restore", {"git", "quemsi", "restore", "first", "--yes"}, [&] {
    user_.settle();
    if (side_.dump() == first_) user_.quemsi({"undo", "--yes"});
    EXPECT_EQ(side_.dump(), main_);
  });
}

TEST_P(CutConnection, ASlowServerIsOnlySlow) {
  proxy_.carry_all(std::chrono::milliseconds(5));
  expect_everything_there("each message took 5 ms more");
}

INSTANTIATE_TEST_SUITE_P(To, CutConnection, testing::Values(postgresql_side, mariadb_side),
                         [](const auto& test) {
                           return test.index == 0 ? "Postgresql" : "Mariadb";
                         });

}  // namespace
}  // namespace quemsi::test
