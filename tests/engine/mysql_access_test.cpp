// Ways to a schema, and who else may use it.
#include <cstdlib>
#include <fstream>

#include "engine/mysql/engine.hpp"
#include "engine/mysql/privileges.hpp"
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

class MysqlAccess : public MysqlWorld {};

/// The process has another home for as long as this lives.
class Home {
 public:
  explicit Home(const std::filesystem::path& folder) {
    if (const char* before = std::getenv("HOME")) before_ = before;
    setenv("HOME", folder.c_str(), 1);
  }
  ~Home() {
    if (before_) {
      setenv("HOME", before_->c_str(), 1);
    } else {
      unsetenv("HOME");
    }
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

 private:
  std::optional<std::string> before_;
};

TEST_F(MysqlAccess, OptionFilesSayWhatTheUrlDoesNot) {
  const Home home(dir_.path());
  const auto user_by = [&](const std::string& options, const std::string& url) {
    std::ofstream(dir_.path() / ".my.cnf") << options;
    Connection connection = Connection::open(ConnectInfo::parse(url));
    return current_user(connection);
  };
  const std::string socket = "socket=\"" + server_.socket().string() + "\"\n";
  const std::string secret = "password=\"it's a secret\"\n";
  EXPECT_EQ(user_by("[client]\nuser=secret\n" + secret + socket, "mysql:///x"), "secret@localhost");
  EXPECT_EQ(
      user_by("[client]\nuser=app\n[git-quemsi]\nuser=secret\n" + secret + socket, "mysql:///x"),
      "secret@localhost");
  EXPECT_EQ(user_by("[client]\nuser=app\n" + secret, server_.url("x", "secret")),
            "secret@localhost");
}

TEST_F(MysqlAccess, OthersKeepWhatTheyWereGranted) {
  run("CREATE TABLE t(x INT); INSERT INTO t VALUES (1); CREATE TABLE u(x INT)");
  const ParkedName parked = park();
  run("UPDATE t SET x = 2");
  const std::string all = mariadb_name(live_) + ".*";
  server_.admin("CREATE USER IF NOT EXISTS everything@localhost, one@localhost; GRANT SELECT ON " +
                all + " TO everything@localhost; GRANT SELECT ON " + qualified(live_, "t") +
                " TO one@localhost");
  swap(parked, new_name());
  for (const std::string user : {"everything", "one"}) {
    EXPECT_EQ(MariadbServer::client(server_.url(live_, user), "SELECT x FROM t"), "1\n") << user;
  }
  EXPECT_NE(MariadbServer::try_client(server_.url(live_, "one"), "SELECT x FROM u").exit_code, 0);
  server_.admin("DROP USER everything@localhost, one@localhost");
}

/// One that tells no names apart by their case.
MariadbServer& lower_case_server() {
  static std::unique_ptr<MariadbServer> server;
  struct Stop : testing::Environment {
    void TearDown() override { server.reset(); }
  };
  if (!server) {
    server =
        std::make_unique<MariadbServer>(MariadbOptions{.settings = {"--lower-case-table-names=1"}});
    testing::AddGlobalTestEnvironment(std::make_unique<Stop>().release());
  }
  return *server;
}

class MysqlLowerCase : public testing::Test {
 protected:
  void SetUp() override {
    if (quemsi::test::server_is_mysql()) GTEST_SKIP() << "must be told when its data is made";
    MariadbServer& server = lower_case_server();
    server.create("MixedCase");
    url_ = server.url("MIXEDcase");
    sql("CREATE TABLE Items(id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES "
        "ITEMS(id)); INSERT INTO Items VALUES (1, 1);"
        "CREATE SEQUENCE Numbers; CREATE TABLE Numbered(n INT DEFAULT NEXTVAL(Numbers))");
  }
  std::string sql(const std::string& text) { return MariadbServer::client(url_, text); }
  std::unique_ptr<Database> open() {
    return MysqlEngine().open({.name = "app", .engine = "mysql", .url = url_},
                              {.top = dir_.path(),
                               .state_dir = dir_.path(),
                               .busy_timeout = std::chrono::milliseconds(300)});
  }

  TempDir dir_;
  std::string url_;
};

TEST_F(MysqlLowerCase, SchemasAreFollowedHoweverTheyAreWritten) {
  const auto database = open();
  const std::string before = MariadbServer::dump_url(url_);
  MemoryImage image;
  auto view = database->pin(Content::all);
  const auto token = view->captured().token;
  view->write(image, no_progress());
  view.reset();
  ASSERT_TRUE(token);
  EXPECT_TRUE(database->unchanged_since(*token));
  const ParkedName built = parked_name(new_image_id());
  database->materialise(image, built, no_progress());
  sql("INSERT INTO items VALUES (2, 1)");
  EXPECT_FALSE(database->unchanged_since(*token));
  const ParkedName away = parked_name(new_image_id());
  database->swap(database->plan_swap(built, away));
  expect_same(MariadbServer::dump_url(url_), before);
  const auto again = open();
  again->swap(again->plan_swap(away, parked_name(new_image_id())));
  EXPECT_EQ(sql("SELECT COUNT(*) FROM ITEMS"), "2\n");
}

TEST_F(MysqlLowerCase, ReadersAreNoticed) {
  const auto database = open();
  const ParkedName copy = parked_name(new_image_id());
  database->copy_live(copy, Content::all, CopyLimit::none, no_progress());
  url_ = lower_case_server().url("mixedCASE");
  const auto other = open();
  const auto view = other->pin(Content::all);
  EXPECT_THAT(error_of([&] {
                database->swap(database->plan_swap(copy, parked_name(new_image_id())));
              }).what(),
              testing::HasSubstr("still being read"));
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
