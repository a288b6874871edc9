// What the program is for: a long schema change, interrupted by an urgent bug.
#include <functional>
#include <optional>

#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

struct Circumstance {
  std::string journal_mode;
  bool application_runs;  ///< and keeps its connection open all the time
};

class Story : public EndToEnd, public testing::WithParamInterface<Circumstance> {
 protected:
  void SetUp() override {
    sqlite(db, "PRAGMA journal_mode=" + GetParam().journal_mode + ";" + shop_schema);
    if (GetParam().application_runs) application_.emplace(db);
  }

  /// The application writes if it runs, else whoever comes along.
  void change(const std::string& sql) {
    if (application_) {
      application_->sql(sql);
    } else {
      sqlite(db, sql);
    }
  }

  /// Everybody sees the same: the client, and the application on its old connection.
  void expect_state(const std::string& state) {
    EXPECT_EQ(dump(db), state);
    EXPECT_EQ(integrity(db), "ok");
    if (!application_) return;
    const std::string rows = "SELECT * FROM users ORDER BY id";
    EXPECT_EQ(application_->sql(rows), sqlite(db, rows + ";"));
  }

  void begin_on_main() {
    user.quemsi({"init", "--yes"});
    user.commit("Let the database follow the branch");
    user.quemsi({"snapshot", "before-multi-tenant", "-m", "The last state with one tenant"});
    main_ = dump(db);
  }

  void migrate_half_way() {
    user.git({"switch", "-q", "-c", "multi-tenant"});
    expect_state(main_);
    change(
        "CREATE TABLE tenants(id INTEGER PRIMARY KEY, name TEXT);"
        "INSERT INTO tenants VALUES (1, 'default');"
        "ALTER TABLE users ADD COLUMN tenant INTEGER REFERENCES tenants(id)");
    user.quemsi({"snapshot", "tenants-table"});
    user.commit("Add tenants");
    change(
        "UPDATE users SET tenant = 1; CREATE INDEX users_by_tenant ON users(tenant);"
        "INSERT INTO users(name, tenant) VALUES ('only in the migration', 1)");
    half_ = dump(db);
    user.commit("Assign tenants");
  }

  void fix_the_urgent_bug() {
    user.git({"switch", "-q", "main"});
    expect_state(main_);
    user.git({"switch", "-q", "-c", "hotfix"});
    change("DELETE FROM orders WHERE id = 7; INSERT INTO orders VALUES (8, 3, 'fixed')");
    hotfix_ = dump(db);
    user.commit("Fix the orders");
  }

  std::string main_;
  std::string half_;
  std::string hotfix_;

 private:
  std::optional<Application> application_;
};

TEST_P(Story, AnUrgentBugInTheMiddleOfAMigrationCostsNothing) {
  begin_on_main();
  migrate_half_way();
  fix_the_urgent_bug();
  user.git({"switch", "-q", "multi-tenant"});
  expect_state(half_);
  user.git({"switch", "-q", "-"});
  expect_state(hotfix_);
  user.git({"switch", "-q", "main"});
  expect_state(main_);
  user.settle();
  user.quemsi({"fsck"});
}

TEST_P(Story, ASnapshotComesBackBesideTheLiveDatabase) {
  begin_on_main();
  migrate_half_way();
  const Json temporary = user.json({"restore", "before-multi-tenant", "--temp"});
  EXPECT_EQ(dump(path_of_url(temporary.at("url"))), main_);
  user.quemsi({"restore", "before-multi-tenant", "--to", "other.db"});
  EXPECT_EQ(dump(user.top() / "other.db"), main_);
  expect_state(half_);
}

TEST_P(Story, ARestoreIsTakenBackByUndo) {
  begin_on_main();
  migrate_half_way();
  user.quemsi({"restore", "--yes", "before-multi-tenant"});
  expect_state(main_);
  user.quemsi({"undo", "--yes"});
  expect_state(half_);
  user.quemsi({"undo", "--yes"});
  expect_state(main_);
}

TEST_P(Story, ASwitchIsTakenBackByUndo) {
  begin_on_main();
  migrate_half_way();
  user.git({"switch", "-q", "main"});
  user.quemsi({"undo", "--yes"});
  expect_state(half_);
}

TEST_P(Story, ChangesMadeAfterEachSwitchStayWithTheirBranch) {
  begin_on_main();
  migrate_half_way();
  fix_the_urgent_bug();
  for (int round = 0; round < 3; ++round) {
    user.git({"switch", "-q", "multi-tenant"});
    expect_state(half_);
    change("INSERT INTO tenants(name) VALUES ('round " + std::to_string(round) + "')");
    half_ = dump(db);
    user.git({"switch", "-q", "hotfix"});
    expect_state(hotfix_);
    change("UPDATE orders SET note = 'round " + std::to_string(round) + "' WHERE id = 8");
    hotfix_ = dump(db);
  }
  user.git({"switch", "-q", "multi-tenant"});
  expect_state(half_);
}

TEST_P(Story, EverySnapshotOfTheStoryIsListedUnderItsBranch) {
  begin_on_main();
  migrate_half_way();
  EXPECT_EQ(branch_of("before-multi-tenant"), "main");
  EXPECT_EQ(branch_of("tenants-table"), "multi-tenant");
  EXPECT_EQ(user.json({"show", "before-multi-tenant"}).at("description"),
            "The last state with one tenant");
}

std::string name_of(const testing::TestParamInfo<Circumstance>& info) {
  return info.param.journal_mode + (info.param.application_runs ? "_application_runs" : "_alone");
}

INSTANTIATE_TEST_SUITE_P(Sqlite, Story,
                         testing::Values(Circumstance{"delete", false}, Circumstance{"wal", false},
                                         Circumstance{"delete", true}, Circumstance{"wal", true}),
                         name_of);

}  // namespace
}  // namespace quemsi::test
