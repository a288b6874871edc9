// The connection to the server breaks at some byte of a switch, a snapshot, a restore from the
// store; then the server is as before, or cannot be reached for a while, or has crashed. The next
// commands find a complete state, and every row of both branches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>

#include "faults/injection.hpp"
#include "faults/tally.hpp"
#include "support/cutting_proxy.hpp"
#include "support/file_damage.hpp"
#include "support/sandbox.hpp"
#include "support/server_side.hpp"

namespace quemsi::test {
namespace {

/// What the server is once a connection has broken.
enum class After { reachable, unreachable, crashed };

const char* text_of(After after) {
  return after == After::reachable     ? "reachable"
         : after == After::unreachable ? "not reachable"
                                       : "crashed";
}

constexpr const char* name = "shop cut";

class CutConnection : public testing::TestWithParam<ServerKind> {
 protected:
  CutConnection() {
    side_->create(name);
    sql("CREATE TABLE users(id INTEGER PRIMARY KEY, name VARCHAR(50));"
        "INSERT INTO users VALUES (1, 'first');");
    write_file(user_.top() / ".quemsi.yml",
               "version: 1\nbusy_timeout: 2s\nwarm: 0\ndatabases:\n  app: \"" +
                   side_->url(name, folder_.path()) + "\"\n");
    user_.quemsi({"init", "--yes"});
    user_.commit("Let the database follow");
    user_.quemsi({"snapshot", "first"});
    first_ = dump();
    user_.git({"switch", "-q", "-c", "feature"});
    sql("ALTER TABLE users ADD COLUMN tenant INTEGER; INSERT INTO users VALUES (2, 'of feature', "
        "7);");
    feature_ = dump();
    user_.git({"switch", "-q", "main"});
    sql("INSERT INTO users VALUES (3, 'unsaved on main');");
    main_ = dump();
    user_.settle();
  }
  ~CutConnection() override {
    proxy_.carry_all();
    user_.wait_for_processes(std::chrono::seconds(60));
    side_->drop(name);
    side_->drop_parked();
  }

  void sql(const std::string& text) const { side_->sql(side_->url(name), text); }
  [[nodiscard]] std::string dump() const { return side_->dump(side_->url(name)); }

  /// Both branches hold what they held; HEAD is on main afterwards.
  void expect_everything_there(const std::string& when) {
    EXPECT_EQ(user_.try_quemsi({"status"}).exit_code, 0) << when;
    user_.settle();
    user_.git({"checkout", "-q"});
    user_.git({"switch", "-q", "feature"});
    EXPECT_EQ(dump(), feature_) << when;
    user_.git({"switch", "-q", "main"});
    EXPECT_EQ(dump(), main_) << when;
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

  void cut_at(std::uint64_t at, After after) {
    if (after == After::reachable) return proxy_.cut_at(at, CuttingProxy::Then::go_on);
    if (after == After::unreachable) return proxy_.cut_at(at, CuttingProxy::Then::refuse);
    proxy_.cut_at(at, CuttingProxy::Then::refuse, [this] { side_->crash(); });
  }

  /// False when the command needed less.
  bool strike(const Words& command, std::uint64_t at, After after,
              const std::function<void()>& take_back) {
    cut_at(at, after);
    const CommandResult result = user_.run(command);
    // The server is not to be stopped again by what goes on in the background.
    const bool cut = proxy_.has_cut();
    proxy_.carry_all();
    if (cut && after == After::crashed) side_->start();
    const std::string when =
        "cut at byte " + std::to_string(at) + ", then " + text_of(after) + "\n" + result.err;
    EXPECT_EQ(user_.try_quemsi({"status"}).exit_code, 0) << when;
    take_back();
    expect_everything_there(when);
    return cut;
  }

  void strike_all(const std::string& what, const Words& command,
                  const std::function<void()>& take_back) {
    const std::uint64_t bytes = weigh(command, take_back);
    ASSERT_GT(bytes, 1000U);
    const std::uint64_t most = strikes_all() ? 200 : 6;
    std::map<After, int> cases;
    for (std::uint64_t i = 0; i < most && !HasFailure(); ++i) {
      // Not always at the beginning of a message.
      const std::uint64_t at = 1 + i * bytes / most + i * 7919 % (bytes / most);
      for (const After after : {After::reachable, After::unreachable, After::crashed}) {
        // Usually one of them at each byte, in turn.
        if (!strikes_all() && i % 3 != static_cast<std::uint64_t>(after)) continue;
        if (strike(command, at, after, take_back)) ++cases[after];
      }
    }
    EXPECT_THAT(cases, testing::SizeIs(3)) << "whatever the server is then";
    for (const auto& [after, count] : cases) {
      tally(what + " on " + GetParam().name,
            after == After::crashed ? "server crash" : "connection cut", count,
            HasFailure() ? 1 : 0);
    }
    EXPECT_EQ(user_.try_quemsi({"fsck"}).exit_code, 0);
  }

  TempDir folder_;
  std::unique_ptr<ServerSide> side_ = GetParam().side();
  CuttingProxy proxy_{side_->socket_in(folder_.path()), side_->socket()};
  Sandbox user_{{.bin_dir = QUEMSI_BIN_DIR}};
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
    if (dump() == first_) user_.quemsi({"undo", "--yes"});
    EXPECT_EQ(dump(), main_);
  });
}

TEST_P(CutConnection, ASlowServerIsOnlySlow) {
  proxy_.carry_all(std::chrono::milliseconds(5));
  expect_everything_there("each message took 5 ms more");
}

INSTANTIATE_TEST_SUITE_P(To, CutConnection, testing::Values(postgresql_kind(), mariadb_kind()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace quemsi::test
