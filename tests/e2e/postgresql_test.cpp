// The main job on PostgreSQL: a real server, applications that stay connected, contents
// looked at through psql and pg_dump.
#include "e2e/fixture.hpp"
#include "support/postgres_server.hpp"
#include "util/text.hpp"

namespace quemsi::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// As a word of a command.
std::string escaped(const std::string& path) {
  std::string word;
  for (const char c : path) word += (c == ' ' ? "\\" : "") + std::string(1, c);
  return word;
}

class OnPostgresql : public testing::Test {
 protected:
  explicit OnPostgresql(std::string role = "app") : role_(std::move(role)) {
    user_.look_for_no_leaks();
    server_.create(name_);
    server_.admin("ALTER DATABASE \"" + name_ + "\" OWNER TO " + role_);
    sql("CREATE TABLE users(id integer PRIMARY KEY, name text NOT NULL);"
        "CREATE TABLE orders(id bigserial PRIMARY KEY, user_id integer REFERENCES users,"
        " note text);"
        "INSERT INTO users VALUES (1, 'Zoë'), (2, 'O''Neill');"
        "INSERT INTO orders(user_id, note) VALUES (1, 'first'), (2, E'two\\nlines');");
  }

  ~OnPostgresql() override {
    user_.wait_for_processes(std::chrono::seconds(60));
    for (const std::string& database : {name_, std::string("shop elsewhere")}) {
      server_.drop(database);
    }
    server_.drop_parked();
  }

  /// `git quemsi init`, and .quemsi.yml committed.
  void set_up() {
    user_.quemsi({"init", "--yes", "--url", url()});
    user_.commit("Let the database follow the branch");
  }

  [[nodiscard]] std::string url() const { return server_.url(name_, role_); }
  std::string sql(const std::string& text) const { return PostgresServer::psql(url(), text); }
  [[nodiscard]] std::string dump() const { return PostgresServer::dump(url()); }

  /// Parked copies that have that table.
  [[nodiscard]] std::vector<std::string> copies_with(const std::string& table) const {
    std::vector<std::string> found;
    const std::string names =
        server_.admin("SELECT datname FROM pg_database WHERE datname LIKE 'quemsi\\_%'");
    for (const std::string& name : split(trim(names), '\n')) {
      const bool has_it =
          server_.admin("SELECT to_regclass(" + sql_text(table) + ") IS NOT NULL", name) == "t\n";
      if (has_it) found.push_back(name);
    }
    return found;
  }

  /// What the hook says.
  [[nodiscard]] std::string said_by(const Words& words) const {
    const CommandResult result = user_.run(words);
    EXPECT_EQ(result.exit_code, 0) << result;
    return result.err;
  }

  /// An application that is connected and idle.
  [[nodiscard]] std::unique_ptr<RunningCommand> connect_as_web() const {
    auto application = std::make_unique<RunningCommand>(
        CommandRequest{.argv = {"psql", "-X", "-q", "-A", "-t", "-d", url()},
                       .environment = {{"PATH", "/usr/bin:/bin"}, {"PGAPPNAME", "web"}}},
        RunningCommand::Input::piped);
    application->say("SELECT 'ready';\n");
    EXPECT_EQ(application->read_line(std::chrono::seconds(30)), "ready");
    return application;
  }

  PostgresServer& server_ = shared_postgres();
  std::string role_;
  std::string name_ = "shop development";
  Sandbox user_{{.bin_dir = QUEMSI_BIN_DIR}};
};

TEST_F(OnPostgresql, TheStory) {
  set_up();
  user_.quemsi({"snapshot", "before", "-m", "two users"});
  const std::string main = dump();

  user_.git({"switch", "-q", "-c", "multi-tenant"});
  EXPECT_EQ(dump(), main);
  sql("ALTER TABLE users ADD COLUMN tenant integer; INSERT INTO users VALUES (3, 'Eve', 7);");
  user_.quemsi({"snapshot", "half way"});
  sql("CREATE TABLE tenants(id integer PRIMARY KEY); INSERT INTO tenants VALUES (7);"
      "INSERT INTO orders(user_id, note) VALUES (3, 'hers')");
  const std::string half = dump();

  user_.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(), main);
  user_.git({"switch", "-q", "-c", "hotfix"});
  sql("UPDATE orders SET note = 'fixed' WHERE id = 1;");
  const std::string hotfix = dump();
  user_.git({"switch", "-q", "multi-tenant"});
  EXPECT_EQ(dump(), half);
  user_.git({"switch", "-q", "hotfix"});
  EXPECT_EQ(dump(), hotfix);
  user_.git({"switch", "-q", "multi-tenant"});

  const std::string temporary = user_.json({"restore", "before", "--temp"}).at("url");
  EXPECT_EQ(PostgresServer::dump(temporary), main);
  user_.quemsi({"temp", "drop", temporary});
  const std::string elsewhere = server_.url("shop elsewhere");
  user_.quemsi({"restore", "before", "--to", elsewhere});
  EXPECT_EQ(PostgresServer::dump(elsewhere), main);
  EXPECT_EQ(dump(), half);

  user_.quemsi({"restore", "before", "--yes"});
  EXPECT_EQ(dump(), main);
  user_.quemsi({"undo", "--yes"});
  EXPECT_EQ(dump(), half);
  user_.settle();
  EXPECT_THAT(user_.quemsi({"fsck"}), HasSubstr("no damage"));
}

TEST_F(OnPostgresql, WhatIsSealedComesBackWithoutTheServersCopies) {
  set_up();
  user_.quemsi({"snapshot", "kept"});
  const std::string kept = dump();
  user_.settle();
  server_.drop_parked();
  sql("DROP TABLE orders; DELETE FROM users;");
  user_.quemsi({"restore", "kept", "--yes"});
  EXPECT_EQ(dump(), kept);
}

TEST_F(OnPostgresql, UnloggedRowsComeBackThoughACrashEmptiedTheCopyThatWasParked) {
  set_up();
  user_.git({"switch", "-q", "-c", "cached"});
  sql("CREATE UNLOGGED TABLE cache AS SELECT generate_series(1, 100) AS x");
  const std::string cached = dump();
  user_.git({"switch", "-q", "main"});
  user_.settle();
  EXPECT_THAT(copies_with("cache"), SizeIs(1));
  server_.stop_immediately();
  server_.start();
  user_.git({"switch", "-q", "cached"});
  EXPECT_EQ(dump(), cached);
  user_.settle();
  EXPECT_THAT(copies_with("cache"), IsEmpty());
}

TEST_F(OnPostgresql, ANewBranchFromAChangedDatabaseKeepsWhatTheOldOneHad) {
  set_up();
  sql("INSERT INTO users VALUES (4, 'unsaved on main')");
  const std::string main = dump();
  EXPECT_THAT(said_by({"git", "switch", "-q", "-c", "heir"}), HasSubstr("starts from"));
  EXPECT_EQ(dump(), main);
  sql("DELETE FROM orders");
  const std::string heir = dump();
  user_.settle();
  user_.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(), main);
  user_.git({"switch", "-q", "heir"});
  EXPECT_EQ(dump(), heir);
}

TEST_F(OnPostgresql, WhatPgDumpCannotReadIsNotLeft) {
  const std::filesystem::path script = user_.home() / "our pg_dump";
  user_.set("QUEMSI_TOOLS_PG_DUMP", "sh " + escaped(script.string()) + " --with-an-argument");
  const std::string good = "shift; exec pg_dump \"$@\"\n";
  write_file(script, good);
  set_up();
  sql("INSERT INTO users VALUES (4, 'unsaved on main')");
  write_file(script, "echo 'the container is not running' >&2; exit 1\n");
  EXPECT_THAT(said_by({"git", "switch", "-q", "-c", "heir"}),
              AllOf(HasSubstr("cannot hold a view"), HasSubstr("the container is not running")));
  EXPECT_EQ(user_.json({"status"}).at("owner_branch"), "main");
  sql("DELETE FROM orders");
  const std::string main = dump();
  write_file(script, good);
  user_.git({"checkout", "-q"});
  sql("DELETE FROM users");
  user_.settle();
  user_.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(), main);
  EXPECT_THAT(user_.quemsi({"status"}), Not(HasSubstr("LOST")));
}

TEST_F(OnPostgresql, ApplicationsAreDisconnectedAndNamed) {
  set_up();
  user_.git({"switch", "-q", "-c", "feature"});
  sql("DELETE FROM orders");
  const auto application = connect_as_web();
  EXPECT_THAT(said_by({"git", "switch", "-q", "main"}), HasSubstr("web"));
  EXPECT_EQ(sql("SELECT count(*) FROM orders"), "2\n");
}

TEST_F(OnPostgresql, ConnectionsCanBeRespectedInstead) {
  set_up();
  user_.git({"config", "quemsi.connections", "refuse"});
  user_.git({"switch", "-q", "-c", "feature"});
  sql("DELETE FROM orders");
  const std::string feature = dump();
  const auto application = connect_as_web();
  EXPECT_THAT(said_by({"git", "switch", "-q", "main"}), HasSubstr("web"));
  application->say("SELECT 'still here';\n");
  EXPECT_EQ(application->read_line(std::chrono::seconds(30)), "still here");
  EXPECT_EQ(dump(), feature);
  application->close_input();
  EXPECT_EQ(application->finish().exit_code, 0);
  user_.git({"checkout", "-q"});
  EXPECT_EQ(sql("SELECT count(*) FROM orders"), "2\n");
}

TEST_F(OnPostgresql, SeveralEnginesSwitchAsOneOrNotAtAll) {
  const std::filesystem::path jobs = user_.top() / "jobs.db";
  sqlite(jobs, "CREATE TABLE jobs(id INTEGER PRIMARY KEY);");
  user_.quemsi({"init", "--yes", "--url", "sqlite:jobs.db", "--url", url()});
  user_.commit("Both follow");
  const std::string main = dump();
  user_.git({"switch", "-q", "-c", "feature"});
  sqlite(jobs, "INSERT INTO jobs VALUES (1);");
  sql("DELETE FROM orders");
  const std::string feature = dump();
  user_.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(), main);
  EXPECT_EQ(sqlite(jobs, "SELECT count(*) FROM jobs"), "0\n");

  // The database that cannot move stops the one before it.
  user_.git({"config", "quemsi.connections", "refuse"});
  const auto application = connect_as_web();
  EXPECT_THAT(said_by({"git", "switch", "-q", "feature"}), HasSubstr("could not be exchanged"));
  EXPECT_EQ(dump(), main);
  EXPECT_EQ(sqlite(jobs, "SELECT count(*) FROM jobs"), "0\n");
  application->close_input();
  EXPECT_EQ(application->finish().exit_code, 0);
  user_.git({"checkout", "-q"});
  EXPECT_EQ(dump(), feature);
  EXPECT_EQ(sqlite(jobs, "SELECT count(*) FROM jobs"), "1\n");
}

TEST_F(OnPostgresql, AServerThatIsDownStopsNothingButTheDatabase) {
  set_up();
  user_.git({"switch", "-q", "-c", "feature"});
  sql("DELETE FROM orders");
  const std::string feature = dump();
  user_.git({"switch", "-q", "main"});
  const std::string main = dump();
  user_.settle();
  server_.stop();
  EXPECT_THAT(said_by({"git", "switch", "-q", "feature"}), HasSubstr("left alone"));
  const Json status = user_.json({"status"});
  EXPECT_FALSE(status.at("databases").at(0).at("reachable"));
  EXPECT_EQ(user_.try_quemsi({"snapshot", "never"}).exit_code, 128);
  server_.start();
  EXPECT_EQ(dump(), main);
  user_.git({"checkout", "-q"});
  EXPECT_EQ(dump(), feature);
}

TEST_F(OnPostgresql, AParkedDatabaseDroppedByHandIsMadeAgainFromTheStore) {
  set_up();
  user_.git({"switch", "-q", "-c", "feature"});
  sql("DELETE FROM orders");
  const std::string feature = dump();
  user_.git({"switch", "-q", "main"});
  user_.settle();
  server_.drop_parked();
  user_.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(), feature);
}

TEST_F(OnPostgresql, TwoRepositoriesOnOneServerKeepOutOfEachOthersWay) {
  set_up();
  user_.quemsi({"snapshot", "mine"});
  Sandbox other({.bin_dir = QUEMSI_BIN_DIR});
  server_.create("shop elsewhere");
  other.quemsi({"init", "--yes", "--url", server_.url("shop elsewhere")});
  other.settle();
  user_.settle();
  EXPECT_THAT(other.quemsi({"fsck"}), HasSubstr("no damage"));
  EXPECT_THAT(user_.quemsi({"fsck"}), HasSubstr("no damage"));
}

TEST_F(OnPostgresql, ThePasswordAppearsNowhere) {
  server_.admin("ALTER DATABASE \"" + name_ + "\" OWNER TO secret");
  server_.admin("REASSIGN OWNED BY app TO secret", name_);
  const std::string with_password = server_.url(name_, "secret", "it's a secret");
  const CommandResult init = user_.try_quemsi({"init", "--yes", "--url", with_password});
  EXPECT_EQ(init.exit_code, 0) << init;
  std::string everything = init.out + init.err;
  for (const Words& words : {Words{"status"}, Words{"config", "--show-origin"}, Words{"list"}}) {
    const CommandResult result = user_.try_quemsi(words);
    everything += result.out + result.err;
  }
  EXPECT_THAT(everything, Not(HasSubstr("it's a secret")));
  EXPECT_THAT(everything, Not(HasSubstr("a%20secret")));
  const std::filesystem::path kept = user_.top() / ".quemsi.local.yml";
  EXPECT_EQ(std::filesystem::status(kept).permissions(), std::filesystem::perms(0600));
  EXPECT_EQ(user_.git({"status", "--porcelain"}), "?? .quemsi.yml\n");
  EXPECT_THAT(user_.ok({"cat", ".quemsi.yml"}), Not(HasSubstr("a%20secret")));
}

class WithoutCreatedb : public OnPostgresql {
 protected:
  WithoutCreatedb() : OnPostgresql("plain") {}
};

TEST_F(WithoutCreatedb, TheStory) {
  const CommandResult init = user_.try_quemsi({"init", "--yes", "--url", url()});
  EXPECT_EQ(init.exit_code, 0) << init;
  EXPECT_THAT(init.err, HasSubstr("switches copy"));
  user_.commit("Let the database follow the branch");
  user_.quemsi({"snapshot", "before"});
  const std::string main = dump();
  user_.git({"switch", "-q", "-c", "feature"});
  sql("ALTER TABLE users ADD COLUMN tenant integer; INSERT INTO users VALUES (3, 'Eve', 7);");
  const std::string feature = dump();
  const auto application = connect_as_web();
  EXPECT_THAT(said_by({"git", "switch", "-q", "main"}), Not(HasSubstr("switches copy")));
  EXPECT_EQ(dump(), main);
  application->say("SELECT count(*) FROM users;\n");
  EXPECT_EQ(application->read_line(std::chrono::seconds(30)), "2");
  user_.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(), feature);
  user_.quemsi({"restore", "before", "--yes"});
  EXPECT_EQ(dump(), main);
  user_.quemsi({"undo", "--yes"});
  EXPECT_EQ(dump(), feature);
  user_.settle();
  EXPECT_THAT(user_.quemsi({"fsck"}), HasSubstr("no damage"));
}

TEST_F(WithoutCreatedb, ATemporaryDatabaseIsRefusedAndAnExistingOneFilled) {
  set_up();
  user_.quemsi({"snapshot", "before"});
  const CommandResult refused = user_.try_quemsi({"restore", "before", "--temp"});
  EXPECT_EQ(refused.exit_code, 128);
  EXPECT_THAT(refused.err, HasSubstr("CREATEDB"));
  EXPECT_THAT(user_.quemsi({"temp", "list"}), Not(HasSubstr("quemsi_")));
  server_.create("shop elsewhere");
  server_.admin("ALTER DATABASE \"shop elsewhere\" OWNER TO plain");
  const std::string elsewhere = server_.url("shop elsewhere", "plain");
  user_.quemsi({"restore", "before", "--to", elsewhere, "--replace", "--yes"});
  EXPECT_EQ(PostgresServer::dump(elsewhere), dump());
}

TEST_F(WithoutCreatedb, TheRightComesAndGoes) {
  set_up();
  const std::string main = dump();
  user_.git({"switch", "-q", "-c", "feature"});
  sql("DELETE FROM orders");
  const std::string feature = dump();
  for (const bool may : {true, false}) {
    server_.admin(may ? "ALTER ROLE plain CREATEDB" : "ALTER ROLE plain NOCREATEDB");
    for (int i = 0; i < 2; ++i) {
      user_.git({"switch", "-q", "main"});
      EXPECT_EQ(dump(), main);
      user_.git({"switch", "-q", "feature"});
      EXPECT_EQ(dump(), feature);
      user_.settle();
    }
  }
}

}  // namespace
}  // namespace quemsi::test
