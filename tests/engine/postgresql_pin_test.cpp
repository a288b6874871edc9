#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "engine/postgresql/definitions.hpp"
#include "engine/postgresql_client.hpp"
#include "engine/postgresql_image_world.hpp"
#include "support/file_damage.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using quemsi::test::PostgresApplication;
using testing::HasSubstr;
using testing::IsEmpty;

/// Runs until told to stop.
class Background {
 public:
  template <class Work>
  explicit Background(Work work)
      : thread_([this, work] {
          while (!stop_) work();
        }) {}
  ~Background() { stop(); }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class PostgresqlPin : public ImageWorld {
 protected:
  PostgresqlPin() {
    run("CREATE TABLE t(id integer PRIMARY KEY, x text); CREATE TABLE u(x integer); "
        "CREATE SEQUENCE s; INSERT INTO t SELECT g, 'row ' || g FROM generate_series(1, 1000) g");
  }

  /// A script is called in pg_dump's place.
  void pretend_pg_dump(const std::string& script) {
    const std::filesystem::path path = dir_.path() / "pg_dump";
    quemsi::test::write_file(path, script + "\n");
    context_.tools["pg_dump"] = "sh \"" + path.string() + "\"";
  }

  /// Waits until `count` sessions of the database wait for a lock.
  void wait_for_waiting(int count) const {
    const std::string sql =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = 'app' AND wait_event_type = 'Lock'";
    while (server_.admin(sql) != std::to_string(count) + "\n") std::this_thread::yield();
  }
};

TEST_F(PostgresqlPin, AWritersOwnChecksumHolds) {
  // Whatever moment is seen, what went in, what went out and what is there agree.
  run("CREATE TABLE account(id integer PRIMARY KEY, amount integer); "
      "INSERT INTO account SELECT g, 100 FROM generate_series(1, 200) g; "
      "CREATE TABLE moved(n serial, a integer, b integer, by integer)");
  std::atomic<int> moves = 0;
  Background writer([&, app = std::make_shared<PostgresApplication>(spec_.url, "writer")] {
    const int n = ++moves;
    const std::string answer = app->run(fmt::format(
        "WITH m AS (INSERT INTO moved(a, b, by) VALUES ({0}, {1}, {2}) RETURNING *) "
        "UPDATE account SET amount = amount + CASE WHEN id = m.a THEN -m.by ELSE m.by END "
        "FROM m WHERE id IN (m.a, m.b)",
        n % 200 + 1, (n + 1 + n / 200 % 198) % 200 + 1, n % 17));
    EXPECT_EQ(answer, "");
  });
  while (moves < 20) std::this_thread::yield();
  for (int i = 0; i < 4; ++i) {
    const ParkedName name = materialise(*seal());
    EXPECT_EQ(run_in(name, "SELECT sum(amount) FROM account"), "20000\n");
    EXPECT_EQ(run_in(name,
                     "SELECT count(*) FROM account c WHERE amount <> 100 + "
                     "(SELECT coalesce(sum(CASE WHEN b = c.id THEN by ELSE -by END), 0) "
                     "FROM moved WHERE a = c.id OR b = c.id)"),
              "0\n");
    EXPECT_EQ(run_in(name, "SELECT nextval('moved_n_seq') > coalesce(max(n), 0) FROM moved"),
              "t\n");
  }
  writer.stop();
}

TEST_F(PostgresqlPin, TruncateWaitsAndTheSealGoesThrough) {
  const std::string before = PostgresServer::dump(spec_.url);
  // Connected already: they are there at once, before a pg_dump that was not waited for.
  PostgresApplication truncater(spec_.url, "truncater");
  PostgresApplication alterer(spec_.url, "alterer");
  auto view = open().pin(Content::all);
  std::thread truncating([&] { EXPECT_EQ(truncater.run("TRUNCATE t"), ""); });
  std::thread altering([&] { EXPECT_EQ(alterer.run("ALTER TABLE u ADD COLUMN y integer"), ""); });
  wait_for_waiting(2);
  MemoryImage image;
  view->write(image, no_progress());
  view.reset();
  truncating.join();
  altering.join();
  EXPECT_EQ(PostgresServer::dump(url_of(materialise(image))), before);
  EXPECT_EQ(run("SELECT count(*) FROM t"), "0\n");
}

TEST_F(PostgresqlPin, EnumsWaitToBeChanged) {
  run("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE typed(m mood); "
      "INSERT INTO typed VALUES ('sad')");
  const std::string before = PostgresServer::dump(spec_.url);
  PostgresApplication migration(spec_.url, "migration");
  auto view = open().pin(Content::all);
  std::thread changing(
      [&] { EXPECT_EQ(migration.run("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'"), ""); });
  wait_for_waiting(1);
  MemoryImage image;
  EXPECT_NO_THROW(view->write(image, no_progress()));
  view.reset();
  changing.join();
  EXPECT_EQ(PostgresServer::dump(url_of(materialise(image))), before);
  EXPECT_EQ(run("SELECT * FROM typed"), "blue\n");
}

TEST_F(PostgresqlPin, ViewsMayBeDroppedAtOnce) {
  run("DO $$BEGIN FOR i IN 1..100 LOOP "
      "EXECUTE format('CREATE VIEW v%s AS SELECT id, x FROM t', i); END LOOP; END$$");
  const std::string before = PostgresServer::dump(spec_.url);
  PostgresApplication migration(spec_.url, "migration");
  const auto view = open().pin(Content::all);
  EXPECT_EQ(migration.run("DO $$BEGIN FOR i IN REVERSE 100..1 LOOP "
                          "EXECUTE format('DROP VIEW v%s', i); END LOOP; END$$"),
            "");
  MemoryImage image;
  view->write(image, no_progress());
  EXPECT_EQ(PostgresServer::dump(url_of(materialise(image))), before);
}

TEST_F(PostgresqlPin, TwoMayHoldTheSameTypes) {
  run("CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE typed(m mood)");
  const auto first = open().pin(Content::all);
  const auto second = open().pin(Content::all);
  for (View* view : {first.get(), second.get()}) {
    MemoryImage image;
    view->write(image, no_progress());
    EXPECT_TRUE(image.finished());
  }
}

/// Of a type that is another's, or composite.
TEST_F(PostgresqlPin, ATypeThatChangedUnderTheReaderIsNamed) {
  admin("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a integer)");
  run("CREATE TABLE typed(m mood, p pair); INSERT INTO typed VALUES ('sad', '(1)')");
  for (const char* sql : {"ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
                          "ALTER TYPE pair ADD ATTRIBUTE b integer"}) {
    const auto view = open().pin(Content::all);
    admin("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'new'; DROP TYPE IF EXISTS unused");
    admin(sql);
    MemoryImage image;
    const Error error = error_of([&] { view->write(image, no_progress()); });
    EXPECT_EQ(error.kind(), ErrorKind::engine) << sql;
    EXPECT_THAT(error.causes(), testing::Contains(HasSubstr("is no longer what it was"))) << sql;
    EXPECT_FALSE(image.finished());
    admin("CREATE TYPE unused AS ENUM ('x')");
  }
}

TEST_F(PostgresqlPin, ADefinitionThatChangedUnderPgDumpIsNamed) {
  run("CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
  // Its locks go before it ends, and it takes longer than anybody waits for.
  pretend_pg_dump("written=$(pg_dump \"$@\") && sleep 1.5 && psql -q -X -d '" + spec_.url +
                  "' -c 'DROP FUNCTION f' >&2 && printf '%s\\n' \"$written\"");
  const Error error = error_of([&] { seal(); });
  EXPECT_EQ(error.kind(), ErrorKind::engine);
  EXPECT_THAT(error.causes(), testing::Contains(HasSubstr("function f"))) << error.what();
}

TEST_F(PostgresqlPin, DefinitionsAreWhatPgDumpHasTheServerSpell) {
  run("CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE SCHEMA n; "
      "CREATE DOMAIN d AS integer CHECK (VALUE > 0); CREATE TYPE mood AS ENUM ('sad'); "
      "CREATE VIEW v AS SELECT x FROM t; CREATE TYPE pair AS (a integer); CREATE INDEX ti ON t(x)");
  Connection connection = Server(spec_, context_).connect("app");
  const auto changed_by = [&](const std::string& sql) {
    const Definitions then = read_definitions(connection);
    run(sql);
    return changed_definition(then, read_definitions(connection)).value_or("nothing");
  };
  for (const char* sql :
       {"CREATE TABLE later(x integer REFERENCES t); DROP TABLE later", "CREATE INDEX ON t(x)",
        "GRANT EXECUTE ON FUNCTION f TO plain; GRANT USAGE ON TYPE mood TO plain",
        "ALTER TYPE mood ADD VALUE 'ok'", "INSERT INTO u VALUES (1); ANALYZE"}) {
    EXPECT_EQ(changed_by(sql), "nothing") << sql;
  }
  for (const auto& [sql, name] : std::vector<std::pair<const char*, const char*>>{
           {"CREATE OR REPLACE FUNCTION f(a integer DEFAULT 1) RETURNS integer LANGUAGE sql AS "
            "'SELECT 1'",
            "function f"},
           {"CREATE OR REPLACE VIEW v AS SELECT x || 'x' AS x FROM t", "rule _RETURN"},
           {"ALTER DOMAIN d RENAME CONSTRAINT d_check TO positive", "constraint d_check"},
           {"ALTER INDEX ti RENAME TO renamed", "relation ti"},
           {"ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'", "type mood"},
           {"ALTER TYPE pair ADD ATTRIBUTE b integer", "type pair"},
           {"ALTER SCHEMA n RENAME TO m", "schema n"},
           {"DROP FUNCTION f", "function f"}}) {
    EXPECT_THAT(changed_by(sql), testing::HasSubstr(name)) << sql;
  }
}

TEST_F(PostgresqlPin, AChangeThatIsUnderWayIsWaitedForOrNamed) {
  PostgresApplication app(spec_.url, "migration");
  app.run("BEGIN; ALTER TABLE t ADD COLUMN y integer");
  context_.busy_timeout = std::chrono::milliseconds(200);
  const Error error = error_of([&] { open().pin(Content::all); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(error.causes(), testing::Contains(HasSubstr("migration")));
  app.run("COMMIT");
  EXPECT_THAT(text_of(*seal(), "pre-data"), HasSubstr("y integer"));
}

TEST_F(PostgresqlPin, TablesThatComeAndGoDoNotMatter) {
  Background changes([&, app = std::make_shared<PostgresApplication>(spec_.url, "changes")] {
    app->run("CREATE TABLE fleeting(id integer PRIMARY KEY, x integer)");
    app->run("INSERT INTO fleeting SELECT g, g FROM generate_series(1, 10) g");
    app->run("ALTER TABLE fleeting ALTER COLUMN x TYPE bigint");
    app->run("TRUNCATE fleeting");
    app->run("DROP TABLE fleeting");
  });
  context_.busy_timeout = std::chrono::seconds(30);
  for (int i = 0; i < 5; ++i) {
    const ParkedName name = materialise(*seal());
    EXPECT_EQ(run_in(name, "SELECT count(*) FROM t"), "1000\n");
  }
  changes.stop();
}

TEST_F(PostgresqlPin, SchemaAloneHasNoRows) {
  run("SELECT nextval('s')");
  const auto image = seal(Content::schema);
  EXPECT_EQ(text_of(*image, "rows/public.t"), "");
  const ParkedName name = materialise(*image);
  EXPECT_EQ(run_in(name, "SELECT count(*) FROM t"), "0\n");
  EXPECT_EQ(run_in(name, "SELECT nextval('s')"), "1\n");
}

TEST_F(PostgresqlPin, HoldsEveryTable) {
  run("DO $$BEGIN FOR i IN 1..300 LOOP "
      "EXECUTE format('CREATE TABLE many_%s(id serial PRIMARY KEY, x text)', i); END LOOP; END$$");
  const auto view = open().pin(Content::all);
  EXPECT_EQ(server_.admin("SELECT count(DISTINCT relation) FROM pg_locks, pg_class c "
                          "WHERE c.oid = relation AND relname LIKE 'many\\_%' AND relkind = 'r' "
                          "AND mode = 'AccessShareLock' AND granted",
                          "app"),
            "300\n");
}

TEST_F(PostgresqlPin, LeavesNothingBehindWhenItIsDropped) {
  { const auto view = open().pin(Content::all); }
  const std::string sessions =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = 'app' AND pid <> pg_backend_pid()";
  while (server_.admin(sessions) != "0\n") std::this_thread::yield();
  EXPECT_THAT(parked_databases(), IsEmpty());
}

TEST_F(PostgresqlPin, PgDumpThatIsMissingOrTooOldIsNamed) {
  context_.tools["pg_dump"] = "/nowhere/pg_dump";
  Error error = error_of([&] { open().pin(Content::all); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  EXPECT_THAT(error.hints(), testing::Contains(HasSubstr("tools.pg_dump")));
  pretend_pg_dump("echo 'pg_dump: error: aborting because of server version mismatch' >&2; exit 1");
  error = error_of([&] { open().pin(Content::all); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  EXPECT_THAT(error.what(), HasSubstr("older than the server"));
}

/// Once there is a view, it is all that keeps what it shows.
TEST_F(PostgresqlPin, NoViewIsHandedOutThatPgDumpCannotRead) {
  pretend_pg_dump("echo 'pg_dump: error: too many clients' >&2; exit 1");
  for (const Content content : {Content::all, Content::schema}) {
    const Error error = error_of([&] { open().pin(content); });
    EXPECT_EQ(error.kind(), ErrorKind::engine);
    EXPECT_THAT(error.causes(), testing::Contains(HasSubstr("too many clients")));
  }
  run("DROP TABLE t, u");
  EXPECT_EQ(error_of([&] { open().pin(Content::all); }).kind(), ErrorKind::engine);
}

class PostgresqlPinEnd : private OwnServer, public ImageWorld {
 protected:
  PostgresqlPinEnd() : ImageWorld(own_) {}
};

class Stopping final : public Progress {
 public:
  explicit Stopping(PostgresServer& server) : server_(server) {}
  void begin(std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t) override {
    if (!stopped_.exchange(true)) server_.stop_immediately();
  }
  void end() override {}
  void check_cancelled() override {}

 private:
  PostgresServer& server_;
  std::atomic<bool> stopped_ = false;
};

TEST_F(PostgresqlPinEnd, AServerThatStopsWhileItIsReadIsAnError) {
  run("CREATE TABLE t AS SELECT g AS id, md5(g::text) AS x FROM generate_series(1, 30000) g");
  auto view = open().pin(Content::all);
  MemoryImage image;
  Stopping stopping(server_);
  EXPECT_EQ(error_of([&] { view->write(image, stopping); }).kind(), ErrorKind::engine);
  EXPECT_FALSE(image.finished());
  view.reset();
  server_.start();
  expect_round_trip();
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
