// Security labels, which only a server has that an extension gives a provider.
#include "engine/postgresql_image_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

/// Whose provider takes any label.
class LabellingServer {
 public:
  LabellingServer() {
    // The server's user sees no more than this of the build.
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
    std::filesystem::copy(QUEMSI_LABEL_PROVIDER, provider());
    server_.emplace(quemsi::test::PostgresOptions{
        .settings = {"shared_preload_libraries = '\"" + provider().string() + "\"'"}});
  }
  [[nodiscard]] PostgresServer& get() { return *server_; }

 private:
  [[nodiscard]] std::filesystem::path provider() const { return folder_.path() / "provider.so"; }

  TempDir folder_;
  std::optional<PostgresServer> server_;
};

PostgresServer& labelling_server() {
  static LabellingServer server;
  return server.get();
}

class PostgresqlLabels : public ImageWorld {
 protected:
  PostgresqlLabels() : ImageWorld(labelling_server()) {
    run("CREATE SCHEMA s; CREATE TABLE t(id int PRIMARY KEY, \"odd 'column\" text);"
        "CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT id FROM t;"
        "CREATE SEQUENCE n; CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS int;"
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';"
        "SELECT lo_create(4711)");
    for (const char* object : {"SCHEMA s", "TABLE t", "COLUMN t.\"odd 'column\"", "VIEW v",
                               "MATERIALIZED VIEW m", "SEQUENCE n", "TYPE e", "DOMAIN d",
                               "FUNCTION f(int)", "LARGE OBJECT 4711", "DATABASE app"}) {
      run(std::string("SECURITY LABEL ON ") + object + " IS 'it''s \\secret'");
    }
  }
  void expect_all(const std::string& url) const {
    EXPECT_EQ(PostgresServer::psql(url, "SELECT count(*), min(label), max(label) FROM pg_seclabel"),
              "10|it's \\secret|it's \\secret\n");
    EXPECT_EQ(PostgresServer::psql(url,
                                   "SELECT label FROM pg_shseclabel JOIN pg_database d ON d.oid = "
                                   "objoid WHERE datname = current_database()"),
              "it's \\secret\n");
  }
};

TEST_F(PostgresqlLabels, ComeBackFromTheStoreAndByACopy) {
  const ParkedName built = expect_round_trip();
  expect_all(url_of(built));
  const ParkedName copied = new_name();
  open().clone_parked(built, copied, no_progress());
  expect_all(url_of(copied));
  EXPECT_THAT(notices_, testing::IsEmpty());
}

TEST_F(PostgresqlLabels, GoThereAndBackWithASwitch) {
  const ParkedName other = materialise(*seal());
  PostgresServer::psql(url_of(other), "SECURITY LABEL ON TABLE t IS NULL");
  const ParkedName out = new_name();
  PostgresqlDatabase database = open();
  static_cast<void>(database.swap(database.plan_swap(other, out)));
  EXPECT_EQ(run("SELECT count(*) FROM pg_seclabel"), "9\n");
  static_cast<void>(database.swap(database.plan_swap(out, other)));
  expect_all(spec_.url);
}

TEST_F(PostgresqlLabels, ThatAServerDoesNotKnowStopARestoreWithWhatHelps) {
  const auto image = seal();
  shared_postgres().create("app");
  const DatabaseSpec elsewhere{
      .name = "app", .engine = "postgresql", .url = shared_postgres().url("app")};
  PostgresqlDatabase database(elsewhere, context_);
  const Error error = error_of([&] { database.materialise(*image, new_name(), no_progress()); });
  EXPECT_THAT(error.hints(), testing::Contains(testing::HasSubstr("shared_preload_libraries")));
  EXPECT_THAT(database.list_parked(), testing::IsEmpty());
  shared_postgres().drop("app");
}

TEST_F(PostgresqlLabels, AreAChangeOfTheDatabase) {
  const auto token = open().pin(Content::all)->captured().token;
  ASSERT_TRUE(token);
  EXPECT_TRUE(open().unchanged_since(*token));
  run("SECURITY LABEL ON TABLE t IS 'another'");
  EXPECT_FALSE(open().unchanged_since(*token));
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
