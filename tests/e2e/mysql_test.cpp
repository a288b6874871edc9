// The main job on MariaDB: a real server, a user without any privilege beyond its schema,
// applications that stay connected, contents looked at through the mariadb client and mariadb-dump.
#include "e2e/fixture.hpp"
#include "support/mariadb_server.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class OnMariadb : public testing::Test {
 protected:
  explicit OnMariadb(std::string user = "app") : as_(std::move(user)) {
    user_.look_for_no_leaks();
    server_.create(name_);
    server_.create(elsewhere_);
    server_.drop(elsewhere_);
    if (as_ == "plain") {
      for (const std::string& schema : {name_, elsewhere_}) server_.grant_plain(schema);
    }
    sql("CREATE TABLE users(id INT PRIMARY KEY, name VARCHAR(50) NOT NULL);"
        "CREATE TABLE orders(id BIGINT AUTO_INCREMENT PRIMARY KEY, user_id INT, note TEXT, total "
        "INT,"
        " FOREIGN KEY (user_id) REFERENCES users(id));"
        "CREATE VIEW spenders AS SELECT name, note FROM users JOIN orders ON user_id = users.id;"
        "CREATE TRIGGER count_it BEFORE INSERT ON orders FOR EACH ROW SET new.total = 1;"
        "INSERT INTO users VALUES (1, 'Zoë'), (2, 'O\\'Neill');"
        "INSERT INTO orders(user_id, note) VALUES (1, 'first'), (2, 'two\\nlines');");
  }

  ~OnMariadb() override {
    user_.wait_for_processes(std::chrono::seconds(60));
    server_.drop(name_);
    server_.drop(elsewhere_);
    server_.drop_parked();
  }

  /// `git quemsi init`, and .quemsi.yml committed.
  void set_up() {
    user_.quemsi({"init", "--yes", "--url", url()});
    user_.commit("Let the database follow the branch");
  }

  [[nodiscard]] std::string url() const { return server_.url(name_, as_); }
  std::string sql(const std::string& text) const { return MariadbServer::client(url(), text); }
  [[nodiscard]] std::string dump() const { return server_.dump(name_); }

  /// What the hook says.
  [[nodiscard]] std::string said_by(const Words& words) const {
    const CommandResult result = user_.run(words);
    EXPECT_EQ(result.exit_code, 0) << result;
    return result.err;
  }

  /// An application that is connected; what it is told first, it has done on return.
  [[nodiscard]] std::unique_ptr<RunningCommand> connect(const std::string& first) const {
    auto application = std::make_unique<RunningCommand>(
        CommandRequest{
            .argv = {"mariadb", "--no-defaults", "--batch", "--skip-column-names", "--unbuffered",
                     "--force", "--socket=" + server_.socket().string(), "--user=" + as_, name_},
            .environment = {{"PATH", "/usr/bin:/bin"}}},
        RunningCommand::Input::piped);
    application->say(first + "; SELECT 'ready';\n");
    EXPECT_EQ(application->read_line(std::chrono::seconds(30)), "ready");
    return application;
  }

  MariadbServer& server_ = shared_mariadb();
  std::string as_;
  std::string name_ = "shop development";
  std::string elsewhere_ = "shop elsewhere";
  Sandbox user_{{.bin_dir = QUEMSI_BIN_DIR}};
};

TEST_F(OnMariadb, TheStory) {
  set_up();
  user_.quemsi({"snapshot", "before", "-m", "two users"});
  const std::string main = dump();

  user_.git({"switch", "-q", "-c", "multi-tenant"});
  EXPECT_EQ(dump(), main);
  sql("ALTER TABLE users ADD COLUMN tenant INT; INSERT INTO users VALUES (3, 'Eve', 7);");
  user_.quemsi({"snapshot", "half way"});
  sql("CREATE TABLE tenants(id INT PRIMARY KEY); INSERT INTO tenants VALUES (7);"
      "CREATE PROCEDURE of_tenants() SELECT 7; DROP VIEW spenders;"
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
  EXPECT_EQ(MariadbServer::dump_url(temporary), main);
  user_.quemsi({"temp", "drop", temporary});
  user_.quemsi({"restore", "before", "--to", server_.url(elsewhere_)});
  EXPECT_EQ(server_.dump(elsewhere_), main);
  EXPECT_EQ(dump(), half);

  user_.quemsi({"restore", "before", "--yes"});
  EXPECT_EQ(dump(), main);
  user_.quemsi({"undo", "--yes"});
  EXPECT_EQ(dump(), half);
  user_.settle();
  EXPECT_THAT(user_.quemsi({"fsck"}), HasSubstr("no damage"));
}

TEST_F(OnMariadb, WhatIsSealedComesBackWithoutTheServersCopies) {
  set_up();
  user_.quemsi({"snapshot", "kept"});
  const std::string kept = dump();
  user_.settle();
  server_.drop_parked();
  sql("DROP TABLE orders; DELETE FROM users;");
  user_.quemsi({"restore", "kept", "--yes"});
  EXPECT_EQ(dump(), kept);
}

TEST_F(OnMariadb, ANewBranchFromAChangedDatabaseKeepsWhatTheOldOneHad) {
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

TEST_F(OnMariadb, IdleConnectionsStayAndSeeTheOtherBranch) {
  set_up();
  user_.git({"switch", "-q", "-c", "feature"});
  sql("DELETE FROM orders");
  user_.settle();
  const auto application = connect("SELECT 1 FROM users WHERE FALSE");
  EXPECT_THAT(said_by({"git", "switch", "-q", "main"}), Not(HasSubstr("closed")));
  application->say("SELECT COUNT(*) FROM orders;\n");
  EXPECT_EQ(application->read_line(std::chrono::seconds(30)), "2");
}

TEST_F(OnMariadb, OpenTransactionsAreEndedAndNamedOrRespected) {
  set_up();
  user_.git({"switch", "-q", "-c", "feature"});
  sql("DELETE FROM orders");
  const std::string feature = dump();
  user_.settle();
  user_.git({"config", "quemsi.connections", "refuse"});
  const auto patient = connect("START TRANSACTION; SELECT 'read' FROM users LIMIT 0");
  EXPECT_THAT(said_by({"git", "switch", "-q", "main"}), HasSubstr("app@localhost"));
  EXPECT_EQ(dump(), feature);
  patient->say("COMMIT; SELECT 'still here';\n");
  EXPECT_EQ(patient->read_line(std::chrono::seconds(30)), "still here");
  user_.git({"checkout", "-q"});
  EXPECT_EQ(sql("SELECT COUNT(*) FROM orders"), "2\n");

  user_.git({"config", "quemsi.connections", "terminate"});
  user_.settle();
  const auto application = connect("START TRANSACTION; SELECT 'read' FROM users LIMIT 0");
  EXPECT_THAT(said_by({"git", "switch", "-q", "feature"}), HasSubstr("closed"));
  EXPECT_EQ(dump(), feature);
}

TEST_F(OnMariadb, SeveralEnginesSwitchAsOneOrNotAtAll) {
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
  user_.settle();

  // The database that cannot move stops the one before it.
  user_.git({"config", "quemsi.connections", "refuse"});
  const auto application = connect("START TRANSACTION; SELECT 'read' FROM users LIMIT 0");
  EXPECT_THAT(said_by({"git", "switch", "-q", "feature"}), HasSubstr("could not be exchanged"));
  EXPECT_EQ(dump(), main);
  EXPECT_EQ(sqlite(jobs, "SELECT count(*) FROM jobs"), "0\n");
  application->close_input();
  EXPECT_EQ(application->finish().exit_code, 0);
  user_.git({"checkout", "-q"});
  EXPECT_EQ(dump(), feature);
  EXPECT_EQ(sqlite(jobs, "SELECT count(*) FROM jobs"), "1\n");
}

TEST_F(OnMariadb, AServerThatIsDownStopsNothingButTheDatabase) {
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

TEST_F(OnMariadb, AParkedSchemaDroppedByHandIsMadeAgainFromTheStore) {
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

TEST_F(OnMariadb, AUserWhoLacksPrivilegesIsToldWhichStatementsToRun) {
  server_.admin("GRANT SELECT ON `shop development`.* TO plain@localhost");
  const CommandResult init =
      user_.try_quemsi({"init", "--yes", "--url", server_.url(name_, "plain")});
  server_.admin("REVOKE ALL ON `shop development`.* FROM plain@localhost");
  EXPECT_NE(init.exit_code, 0);
  for (const char* schema : {"shop development", "quemsi\\_%"}) {
    EXPECT_THAT(init.err, HasSubstr("GRANT ALL PRIVILEGES ON " + mariadb_name(schema) +
                                    ".* TO 'plain'@'localhost';"));
  }
}

TEST_F(OnMariadb, TheServersOwnSchemasAreRefused) {
  for (const char* schema : {"mysql", "sys", "information_schema", "performance_schema"}) {
    const CommandResult init = user_.try_quemsi({"init", "--yes", "--url", server_.url(schema)});
    EXPECT_NE(init.exit_code, 0) << schema;
    EXPECT_THAT(init.err, HasSubstr("the server's own schema")) << schema;
    std::filesystem::remove(user_.top() / ".quemsi.yml");
  }
}

TEST_F(OnMariadb, ThePasswordAppearsNowhere) {
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

// -- a user who may not make schemas, or a server that cannot exchange them -------

class WithoutSchemas : public OnMariadb {
 protected:
  WithoutSchemas() : OnMariadb("plain") {}
  ~WithoutSchemas() override {
    let_make_schemas(false);
    for (const std::string& schema : {name_, elsewhere_}) {
      server_.admin("REVOKE ALL ON " + mariadb_name(schema) + ".* FROM plain@localhost");
    }
  }

  void let_make_schemas(bool may) const {
    const std::string on_copies = " ALL ON `quemsi\\_%`.* ";
    server_.admin("GRANT" + on_copies + "TO plain@localhost");
    if (!may) server_.admin("REVOKE" + on_copies + "FROM plain@localhost");
  }
};

TEST_F(WithoutSchemas, TheStory) {
  const CommandResult init = user_.try_quemsi({"init", "--yes", "--url", url()});
  EXPECT_EQ(init.exit_code, 0) << init;
  EXPECT_THAT(init.err, HasSubstr("switches copy"));
  user_.commit("Let the database follow the branch");
  user_.quemsi({"snapshot", "before"});
  const std::string main = dump();
  user_.git({"switch", "-q", "-c", "feature"});
  sql("ALTER TABLE users ADD COLUMN tenant INT; INSERT INTO users VALUES (3, 'Eve', 7);"
      "CREATE PROCEDURE of_tenants() SELECT 7; DROP VIEW spenders");
  const std::string feature = dump();
  const auto application = connect("SELECT 1 FROM users WHERE FALSE");
  EXPECT_THAT(said_by({"git", "switch", "-q", "main"}), Not(HasSubstr("switches copy")));
  EXPECT_EQ(dump(), main);
  application->say("SELECT COUNT(*) FROM users;\n");
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

TEST_F(WithoutSchemas, ATemporarySchemaIsRefusedAndAnExistingOneFilled) {
  set_up();
  user_.quemsi({"snapshot", "before"});
  const CommandResult refused = user_.try_quemsi({"restore", "before", "--temp"});
  EXPECT_EQ(refused.exit_code, 128);
  EXPECT_THAT(refused.err, HasSubstr("the copy is a file"));
  EXPECT_THAT(user_.quemsi({"temp", "list"}), Not(HasSubstr("quemsi_")));
  server_.create(elsewhere_);
  user_.quemsi({"restore", "before", "--to", server_.url(elsewhere_, as_), "--replace", "--yes"});
  EXPECT_EQ(server_.dump(elsewhere_), dump());
}

TEST_F(WithoutSchemas, TheRightComesAndGoes) {
  set_up();
  const std::string main = dump();
  user_.git({"switch", "-q", "-c", "feature"});
  sql("DELETE FROM orders");
  const std::string feature = dump();
  for (const bool may : {true, false}) {
    let_make_schemas(may);
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
