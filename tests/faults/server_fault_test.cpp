// undo and `fsck --repair` with a database on a server, killed at calls that write or speak to it.
// The next command settles what was begun; every state is there, row by row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "faults/injection.hpp"
#include "faults/tally.hpp"
#include "support/file_damage.hpp"
#include "support/sandbox.hpp"
#include "support/server_side.hpp"

namespace quemsi::test {
namespace {

using testing::AnyOf;

constexpr const char* name = "shop back";
constexpr Fault killed{.name = "kill", .action = FAULT_KILL};

/// "first" and "second" are snapshots, live has an unsaved row on top of "second".
class ServerFaults : public testing::TestWithParam<ServerKind> {
 protected:
  ServerFaults() : injection_(folder_.path()) {
    side_->create(name);
    sql("CREATE TABLE users(id INTEGER PRIMARY KEY, name VARCHAR(50));");
    write_file(user_.top() / ".quemsi.yml",
               "version: 1\nwarm: 3\ndatabases:\n  app: \"" + side_->url(name) + "\"\n");
    user_.quemsi({"init", "--yes"});
    user_.commit("Let the database follow");
    add_row(1);
    user_.quemsi({"snapshot", "first"});
    first_ = rows();
    add_row(2);
    user_.quemsi({"snapshot", "second"});
    second_ = rows();
    add_row(3);
    live_ = rows();
    user_.settle();
  }
  ~ServerFaults() override {
    Injection::clear(user_);
    user_.wait_for_processes(std::chrono::seconds(60));
    side_->drop(name);
    side_->drop_parked();
  }

  void sql(const std::string& text) const { side_->sql(side_->url(name), text); }
  void add_row(std::int64_t id) const {
    const std::string number = std::to_string(id);
    sql("INSERT INTO users VALUES (" + number + ", 'user " + number + "');");
  }
  [[nodiscard]] std::string rows_at(const std::string& url) const {
    return side_->sql(url, "SELECT id, name FROM users ORDER BY id;");
  }
  [[nodiscard]] std::string rows() const { return rows_at(side_->url(name)); }

  void strike(const Words& command, std::int64_t at) {
    injection_.set(user_, command.at(2), killed, at);
    static_cast<void>(user_.run(command));
    Injection::clear(user_);
    when_ = "killed at call " + std::to_string(at) + ": " + injection_.what();
  }

  /// Strikes every call of `command`, or some from its first to its last. `prepare` brings about
  /// what it is run on; `check` has the next commands find everything.
  void strike_all(const Words& command, const std::string& what, std::int64_t most,
                  const std::function<void()>& prepare, const std::function<void()>& check) {
    prepare();
    strike(command, 0);
    check();
    const std::int64_t step = injection_.step(most);
    ASSERT_GT(injection_.calls(), most);
    int cases = 0;
    for (std::int64_t at = 1; !HasFailure(); at += step) {
      prepare();
      strike(command, at);
      if (injection_.hit()) ++cases;
      SCOPED_TRACE(when_);
      check();
      if (!injection_.hit()) break;
    }
    tally(what + " on " + GetParam().name, killed.name, cases, HasFailure() ? 1 : 0);
    // Not every run needs as many calls as the first.
    EXPECT_GT(cases, most / 2);
    expect_sound();
  }

  void expect_snapshot(const std::string& snapshot, const std::string& expected) const {
    const std::string url = user_.json({"restore", snapshot, "--temp"}).at("url");
    EXPECT_EQ(rows_at(url), expected) << snapshot;
    user_.quemsi({"temp", "drop", url});
  }
  void expect_sound() const {
    user_.settle();
    const nlohmann::json report = user_.json({"fsck"});
    EXPECT_TRUE(report.at("findings").empty()) << report.dump(2);
  }

  /// What is live, both snapshots, and a store in order, once `fsck --repair` was there once more.
  void expect_repaired() const {
    const CommandResult repair = user_.try_quemsi({"fsck", "--repair"});
    EXPECT_EQ(repair.exit_code, 0) << repair;
    expect_sound();
    EXPECT_EQ(rows(), live_);
    expect_snapshot("first", first_);
    expect_snapshot("second", second_);
    forget_what_was_found();
  }
  /// Copies whose snapshots nobody could tell any more: they would become more with each round.
  void forget_what_was_found() const {
    const nlohmann::json found = user_.json({"list", "--kind", "imported"});
    for (const nlohmann::json& snapshot : found.at("snapshots")) {
      user_.quemsi({"delete", "--yes", snapshot.at("id")});
    }
    user_.settle();
  }

  std::unique_ptr<ServerSide> side_ = GetParam().side();
  TempDir folder_;
  Sandbox user_{{.bin_dir = QUEMSI_BIN_DIR}};
  Injection injection_;
  std::string when_;
  std::string first_;
  std::string second_;
  std::string live_;
};

TEST_P(ServerFaults, AKilledUndoLosesNeitherState) {
  user_.quemsi({"restore", "first", "--yes"});
  std::string from = rows();
  const std::string to = live_;
  std::int64_t unsaved = 100;
  const auto change = [&] {
    add_row(++unsaved);
    from = rows();
  };
  const auto check = [&] {
    EXPECT_EQ(user_.try_quemsi({"status"}).exit_code, 0);
    const std::string now = rows();
    EXPECT_THAT(now, AnyOf(from, to));
    if (now == from) {
      user_.quemsi({"undo", "--yes"});
      EXPECT_EQ(rows(), to);
    }
    user_.quemsi({"undo", "--yes"});
    EXPECT_EQ(rows(), from);
  };
  strike_all({"git", "quemsi", "undo", "--yes"}, "undo", 4, change, check);
  expect_snapshot("first", first_);
  expect_snapshot("second", second_);
}

TEST_P(ServerFaults, AKilledRepairOfTheCatalogueLosesNothing) {
  const auto damage = [this] {
    for (const char* suffix : {"-wal", "-shm"}) {
      std::filesystem::remove(user_.state_dir() / (std::string("catalogue.db") + suffix));
    }
    write_file(user_.state_dir() / "catalogue.db", std::string(4096, 'x'));
  };
  strike_all({"git", "quemsi", "fsck", "--repair"}, "repair of the catalogue", 4, damage,
             [this] { expect_repaired(); });
}

TEST_P(ServerFaults, AKilledRepairOfThePacksLosesNothing) {
  const auto damage = [this] {
    // Whatever is damaged stands ready as well.
    user_.quemsi({"gc"});
    user_.settle();
    for (const auto& pack : std::filesystem::directory_iterator(user_.state_dir() / "packs")) {
      if (pack.is_regular_file()) flip_byte(pack.path(), 40);
    }
  };
  strike_all({"git", "quemsi", "fsck", "--repair"}, "repair of packs", 4, damage,
             [this] { expect_repaired(); });
}

INSTANTIATE_TEST_SUITE_P(On, ServerFaults, testing::Values(postgresql_kind(), mariadb_kind()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace quemsi::test
