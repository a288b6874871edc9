#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <thread>

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

}  // namespace
}  // namespace quemsi::postgresql_engine::test
