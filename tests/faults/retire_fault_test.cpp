// gc takes the databases of a removed worktree away, of three engines, and is killed at its calls;
// or a switch was killed there before it was removed. The next gc has them gone, and what they held
// is in snapshots.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "faults/injection.hpp"
#include "faults/tally.hpp"
#include "support/file_damage.hpp"
#include "support/mariadb_server.hpp"
#include "support/postgres_server.hpp"
#include "support/sandbox.hpp"
#include "support/sqlite_cli.hpp"

namespace quemsi::test {
namespace {

class RetireFaults : public testing::Test {
 protected:
  RetireFaults() : injection_(folder_.path()) {
    mariadb_.grant(name_of("side"));
    for (const char* engine : engines) create(engine);
    write_file(user_.top() / ".quemsi.yml",
               "version: 1\nretention:\n  grace: 0\ndatabases:\n  orders: \"" +
                   url("orders", "${worktree}") + "\"\n  stock: \"" + url("stock", "${worktree}") +
                   "\"\n  jobs: \"" + url("jobs", "${worktree}") + "\"\n");
    user_.quemsi({"init", "--yes"});
    user_.commit("Databases for each worktree");
    user_.git({"branch", "-q", "side"});
  }

  ~RetireFaults() override {
    Injection::clear(user_);
    user_.wait_for_processes(std::chrono::seconds(60));
    for (const char* worktree : {"main", "side"}) {
      postgres_.drop(name_of(worktree));
      mariadb_.drop(name_of(worktree));
    }
    mariadb_.drop_parked();
  }

  static std::string name_of(const std::string& worktree) { return "shop" + worktree; }
  [[nodiscard]] std::string url(const std::string& database, const std::string& worktree) const {
    if (database == "jobs") return "sqlite:" + file_of(worktree).string();
    std::string text =
        database == "orders" ? postgres_.url(name_of("side")) : mariadb_.url(name_of("side"));
    return text.replace(text.find("shopside"), 8, "shop" + worktree);
  }
  [[nodiscard]] std::filesystem::path file_of(const std::string& worktree) const {
    return folder_.path() / (worktree + ".db");
  }

  static std::string sql_at(const std::string& url, const std::string& text) {
    if (url.starts_with("postgresql:")) return PostgresServer::psql(url, text);
    if (url.starts_with("mysql:")) return MariadbServer::client(url, text);
    return sqlite(url.substr(url.find(':') + 1), text);
  }
  static std::string numbers_at(const std::string& url) {
    return sql_at(url, "SELECT n FROM t ORDER BY n;");
  }
  void create(const std::string& database) const {
    if (database == "orders") postgres_.create(name_of("main"));
    if (database == "stock") mariadb_.create(name_of("main"));
    sql_at(url(database, "main"),
           "CREATE TABLE t(n INTEGER PRIMARY KEY); INSERT INTO t VALUES (0);");
  }

  void in_side(const Words& words) const {
    const CommandResult result = user_.run_in(side_, words);
    ASSERT_EQ(result.exit_code, 0) << testing::PrintToString(words) << result;
  }
  void insert(std::int64_t number) const {
    for (const char* database : engines) {
      sql_at(url(database, "side"), "INSERT INTO t VALUES (" + std::to_string(number) + ");");
    }
    user_.settle();
  }

  /// A worktree whose databases hold `number` unsaved, removed again.
  void leave_behind(std::int64_t number) const {
    user_.git({"worktree", "add", "-q", "--force", side_.string(), "side"});
    in_side({"git", "quemsi", "init", "--yes"});
    insert(number);
    user_.git({"worktree", "remove", "--force", side_.string()});
  }

  /// A worktree that was removed after a switch from `branch`, whose databases hold `here` unsaved,
  /// to another one that has `there` was killed at call `at`.
  void leave_in_the_middle(const std::string& branch, std::int64_t here, std::int64_t there,
                           std::int64_t at) {
    user_.git({"worktree", "add", "-q", "-b", branch, side_.string(), "main"});
    in_side({"git", "quemsi", "init", "--yes"});
    in_side({"git", "switch", "-q", "-c", branch + "-two"});
    insert(there);
    in_side({"git", "switch", "-q", branch});
    insert(here);
    injection_.set(user_, "hook", {.name = "kill", .action = FAULT_KILL}, at);
    in_side({"git", "switch", "-q", branch + "-two"});
    Injection::clear(user_);
    user_.git({"worktree", "remove", "--force", side_.string()});
  }

  void expect_gone(const std::string& when) const {
    EXPECT_EQ(postgres_.admin("SELECT datname FROM pg_database WHERE datname = 'shopside'"), "")
        << when;
    EXPECT_EQ(mariadb_.admin("SHOW DATABASES LIKE 'shopside'"), "") << when;
    EXPECT_FALSE(std::filesystem::exists(file_of("side"))) << when;
    for (const char* database : engines) {
      EXPECT_EQ(numbers_at(url(database, "main")), "0\n") << database << ", " << when;
    }
  }
  void expect_kept(const std::string& branch, const std::string& numbers,
                   const std::string& when) const {
    for (const char* database : engines) {
      const std::string temporary =
          user_.json({"restore", branch, "--temp", "--database", database}).at("url");
      EXPECT_EQ(numbers_at(temporary), numbers) << branch << ", " << database << ", " << when;
      user_.quemsi({"temp", "drop", temporary});
    }
  }

  static constexpr std::array engines{"orders", "stock", "jobs"};
  PostgresServer& postgres_ = shared_postgres();
  MariadbServer& mariadb_ = shared_mariadb();
  TempDir folder_;
  Sandbox user_{{.bin_dir = QUEMSI_BIN_DIR}};
  Injection injection_;
  std::filesystem::path side_ = user_.top().parent_path() / "side";
};

TEST_F(RetireFaults, KilledAtAnyCallItLosesNothing) {
  const std::int64_t step = strikes_all() ? 1 : 83;
  std::string numbers = "0\n";
  int cases = 0;
  for (std::int64_t at = 1; !HasFailure(); at += step) {
    leave_behind(at);
    numbers += std::to_string(at) + "\n";
    injection_.set(user_, "gc", {.name = "kill", .action = FAULT_KILL}, at);
    static_cast<void>(user_.try_quemsi({"gc"}));
    Injection::clear(user_);
    const std::string when = "killed at call " + std::to_string(at) + ": " + injection_.what();
    user_.quemsi({"gc"});
    expect_gone(when);
    expect_kept("side", numbers, when);
    if (!injection_.hit()) break;
    ++cases;
  }
  tally("gc of a worktree on three engines", "kill", cases, HasFailure() ? 1 : 0);
  EXPECT_GT(cases, 3);
  EXPECT_EQ(user_.try_quemsi({"fsck"}).exit_code, 0);
}

TEST_F(RetireFaults, ASwitchThatWasKilledThereIsSettledFirst) {
  const std::int64_t step = strikes_all() ? 1 : 89;
  int cases = 0;
  for (std::int64_t at = 1; !HasFailure(); at += step) {
    const std::string branch = "side-" + std::to_string(at);
    leave_in_the_middle(branch, 2 * at, 2 * at + 1, at);
    const std::string when = "killed at call " + std::to_string(at) + ": " + injection_.what();
    EXPECT_EQ(user_.json({"gc"}).at("unfinished"), nlohmann::json::array()) << when;
    expect_gone(when);
    expect_kept(branch, "0\n" + std::to_string(2 * at) + "\n", when);
    expect_kept(branch + "-two", "0\n" + std::to_string(2 * at + 1) + "\n", when);
    if (!injection_.hit()) break;
    ++cases;
  }
  tally("switch in a worktree removed since", "kill", cases, HasFailure() ? 1 : 0);
  EXPECT_GT(cases, 2);
  user_.settle();
  EXPECT_EQ(user_.try_quemsi({"fsck"}).exit_code, 0);
}

}  // namespace
}  // namespace quemsi::test
