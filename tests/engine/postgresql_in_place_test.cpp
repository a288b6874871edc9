#include "engine/postgresql_in_place_world.hpp"

#include <atomic>
#include <fstream>
#include <thread>

#include "engine/postgresql/in_place/exchange.hpp"
#include "support/file_damage.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string fixture(const std::string& name) {
  return quemsi::test::read_file(std::string(QUEMSI_SOURCE_DIR) + "/tests/engine/" + name);
}

constexpr const char* settings_of =
    "SELECT setconfig FROM pg_db_role_setting WHERE setdatabase = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())";

class PostgresqlInPlace : public InPlaceWorld {};

TEST_F(PostgresqlInPlace, LiveIsNotDroppedByWhoCouldNotMakeIt) {
  const auto live = serve();
  const Token token = live->pin(Content::all)->captured().token.value();
  try {
    live->drop_live(token, new_name());
    ADD_FAILURE() << "it was dropped";
  } catch (const Error& error) {
    EXPECT_THAT(error.hints(), Not(IsEmpty()));
  }
  EXPECT_TRUE(live->probe().exists);
}

TEST_F(PostgresqlInPlace, EverythingComesBack) {
  admin("CREATE EXTENSION dblink SCHEMA public; COMMENT ON EXTENSION dblink IS 'stays'");
  const std::string nothing = live_dump();
  const ParkedName a = park();
  run(fixture("postgresql_torture.sql"));
  const std::string everything = live_dump();
  const std::string settings = run(settings_of);
  const std::string counter = run("SELECT last_value FROM app.counter");
  const ParkedName b = new_name();
  swap(a, b);
  EXPECT_EQ(live_dump(), nothing);
  EXPECT_EQ(run(settings_of), "");
  EXPECT_EQ(dump_of(b), everything);
  const ParkedName c = new_name();
  swap(b, c);
  EXPECT_EQ(live_dump(), everything);
  EXPECT_EQ(run(settings_of), settings);
  EXPECT_EQ(run("SELECT last_value FROM app.counter"), counter);
  EXPECT_EQ(run("SELECT datconnlimit FROM pg_database WHERE datname = 'app'"), "50\n");
  const ParkedName d = new_name();
  swap(c, d);
  EXPECT_EQ(live_dump(), nothing);
  EXPECT_EQ(dump_of(d), everything);
}

TEST_F(PostgresqlInPlace, ASchemaThatIsMissingStaysMissing) {
  const std::string with = live_dump();
  const ParkedName a = park();
  run("DROP SCHEMA public; CREATE SCHEMA s; CREATE TABLE s.t(x integer)");
  const std::string without = live_dump();
  const ParkedName b = new_name();
  swap(a, b);
  EXPECT_EQ(live_dump(), with);
  swap(b, new_name());
  EXPECT_EQ(live_dump(), without);
}

TEST_F(PostgresqlInPlace, ATablespaceThatIsMissingIsTheDefaultOne) {
  make_tablespace("fast");
  run("CREATE TABLE t(x integer) TABLESPACE fast; INSERT INTO t VALUES (1)");
  const ParkedName a = park();
  run("DROP TABLE t");
  server_.admin("DROP TABLESPACE fast");
  swap(a, new_name());
  EXPECT_EQ(run("SELECT x FROM t"), "1\n");
  EXPECT_THAT(notices_, Contains(HasSubstr("tablespace fast is missing")));
}

TEST_F(PostgresqlInPlace, WhatOnlyAnAdministratorMaySetStaysAndIsSaidWhereItDiffers) {
  admin(
      "CREATE EXTENSION dblink SCHEMA public; COMMENT ON EXTENSION dblink IS 'then';"
      "ALTER SCHEMA public OWNER TO postgres; COMMENT ON SCHEMA public IS 'theirs';"
      "GRANT ALL ON SCHEMA public TO app");
  run("CREATE TABLE t AS SELECT 1 AS x");
  const ParkedName a = park();
  const ParkedName b = new_name();
  swap(a, b);
  EXPECT_THAT(notices_, Not(Contains(HasSubstr("left out")))) << "it is as it was";
  admin("COMMENT ON EXTENSION dblink IS 'now'");
  swap(b, new_name());
  EXPECT_THAT(notices_, Contains(HasSubstr("COMMENT ON EXTENSION dblink was left out")));
  EXPECT_EQ(run("SELECT x FROM t"), "1\n");
}

TEST_F(PostgresqlInPlace, AnEmptiedCopyIsItsSchemaAlone) {
  run(fixture("postgresql_torture.sql"));
  const ParkedName emptied = park();
  serve()->empty_parked(emptied);
  const ParkedName schema = new_name();
  ASSERT_TRUE(serve()->copy_live(schema, Content::schema, CopyLimit::instant, no_progress()));
  EXPECT_EQ(dump_of(emptied), dump_of(schema));
}

TEST_F(PostgresqlInPlace, SaysOnceWhyItCopies) {
  for (int i = 0; i < 3; ++i) EXPECT_THAT(serve()->probe().version, HasSubstr("in place"));
  EXPECT_THAT(notices_, ElementsAre(AllOf(HasSubstr("switches copy"),
                                          HasSubstr(R"(ALTER ROLE "app" CREATEDB)"))));
  may_create_databases(true);
  EXPECT_THAT(serve()->probe().version, Not(HasSubstr("in place")));
}

TEST_F(PostgresqlInPlace, WhatBelongsToOthersIsNamedBeforeAnythingIsDone) {
  run("CREATE TABLE mine(x integer)");
  const ParkedName a = park();
  admin("CREATE TABLE theirs(x integer); GRANT ALL ON theirs TO app");
  const Error error = error_of([&] { serve()->plan_swap(a, new_name()); });
  EXPECT_THAT(error.causes(), ElementsAre("table public.theirs belongs to postgres"));
  EXPECT_THAT(error_of([&] { serve()->probe(); }).hints().at(0), HasSubstr("REASSIGN OWNED"));
}

TEST_F(PostgresqlInPlace, DamagedCopyIsRefusedAndLiveStays) {
  run("CREATE TABLE t AS SELECT g FROM generate_series(1, 1000) g");
  const ParkedName a = park();
  run("INSERT INTO t VALUES (0)");
  const std::string before = live_dump();
  for (const auto& file : std::filesystem::recursive_directory_iterator(dir_.path())) {
    if (file.path().filename() != a.str()) continue;
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(file.file_size() / 2);
    bytes.seekg(middle);
    const char flipped = static_cast<char>(bytes.get() ^ 1);
    bytes.seekp(middle);
    bytes.put(flipped);
  }
  EXPECT_EQ(error_of([&] { swap(a, new_name()); }).kind(), ErrorKind::corrupt);
  EXPECT_EQ(live_dump(), before);
  EXPECT_THAT(listed(), ElementsAre(a.str()));
}

TEST_F(PostgresqlInPlace, ImageThatCannotBeBuiltLeavesLive) {
  server_.admin("DROP ROLE IF EXISTS fleeting; CREATE ROLE fleeting; GRANT fleeting TO app");
  run("GRANT CREATE ON SCHEMA public TO fleeting; CREATE TABLE t(x integer);"
      "ALTER TABLE t OWNER TO fleeting");
  const ParkedName a = park();
  run("DROP TABLE t; CREATE TABLE kept(x integer); REVOKE CREATE ON SCHEMA public FROM fleeting");
  server_.admin("DROP ROLE fleeting");
  const std::string before = live_dump();
  EXPECT_THAT(error_of([&] { swap(a, new_name()); }).what(), HasSubstr("fleeting"));
  EXPECT_EQ(live_dump(), before);
  EXPECT_THAT(listed(), ElementsAre(a.str()));
}

TEST_F(PostgresqlInPlace, TheOnlyDatabaseThatLetsUsInIsEnough) {
  may_create_databases(true);
  server_.admin(
      "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;"
      "REVOKE CONNECT ON DATABASE template1 FROM PUBLIC");
  run("CREATE TABLE t AS SELECT 1 AS x");
  const ParkedName a = park();
  run("UPDATE t SET x = 2");
  const ParkedName b = new_name();
  EXPECT_NO_THROW(swap(a, b));
  EXPECT_NO_THROW(serve()->probe());
  EXPECT_THAT(listed(), ElementsAre(b.str()));
  server_.admin(
      "GRANT CONNECT ON DATABASE postgres TO PUBLIC;"
      "GRANT CONNECT ON DATABASE template1 TO PUBLIC");
  EXPECT_EQ(run("SELECT x FROM t"), "1\n");
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("GRANT CONNECT ON DATABASE postgres")));
}

// -- what others do meanwhile ---------------------------------------------------

TEST_F(PostgresqlInPlace, WhatIsMadeDuringTheSwapIsNotLost) {
  context_.connections = ConnectionPolicy::wait;
  context_.busy_timeout = std::chrono::seconds(60);
  run("CREATE SCHEMA s; CREATE TABLE s.t(x integer); CREATE TABLE t(x integer);"
      "SELECT lo_from_bytea(4711, 'before')");
  const ParkedName a = park();
  PostgresApplication reader(spec_.url, "reader");
  reader.run("BEGIN; SELECT count(*) FROM t");
  const ParkedName b = new_name();
  std::thread exchange([&] { EXPECT_NO_THROW(swap(a, b)); });
  wait_until_blocked();
  // The schema is held already: that waits for the end of the first try.
  std::thread late([&] { run("CREATE TABLE s.made(x integer)"); });
  run("CREATE TABLE made(x integer); INSERT INTO made VALUES (1); CREATE VIEW v AS SELECT 1 AS x;"
      "SELECT lo_put(4711, 0, 'after!')");
  reader.run("COMMIT");
  exchange.join();
  late.join();
  EXPECT_EQ(run("SELECT count(*) FROM pg_class WHERE relname IN ('made', 'v') "
                "AND relnamespace = 'public'::regnamespace"),
            "0\n");
  EXPECT_EQ(run("SELECT convert_from(lo_get(4711), 'UTF8')"), "before\n");
  EXPECT_EQ(run_on(b,
                   "SELECT (SELECT x FROM made), (SELECT x FROM v), "
                   "convert_from(lo_get(4711), 'UTF8')"),
            "1|1|after!\n");
  const std::string late_one = "SELECT count(to_regclass('s.made'))";
  EXPECT_EQ(std::stoi(run_on(b, late_one)) + std::stoi(run(late_one)), 1);
}

TEST_F(PostgresqlInPlace, LargeObjectMadeWhileTheOtherStateIsBuiltIsNotLost) {
  run("CREATE TABLE t(x integer);"
      "CREATE TRIGGER changed BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION "
      "suppress_redundant_updates_trigger()");
  const ParkedName a = park();
  run("DROP TRIGGER changed ON t");
  PostgresApplication builder(server_.url("app", "postgres"));
  builder.run("BEGIN; LOCK TABLE pg_trigger IN EXCLUSIVE MODE");
  std::thread writing([&] {
    wait_until_blocked();
    run("SELECT lo_from_bytea(4711, 'late')");
    builder.run("COMMIT");
  });
  const ParkedName b = new_name();
  swap(a, b);
  writing.join();
  EXPECT_EQ(run("SELECT count(*) FROM pg_trigger WHERE tgname = 'changed'"), "1\n");
  EXPECT_EQ(run_on(b, "SELECT oid FROM pg_largeobject_metadata"), "4711\n");
}

TEST_F(PostgresqlInPlace, TemporaryTablesOfOthersDoNotMatter) {
  run("CREATE TABLE t(x integer)");
  const ParkedName a = park();
  std::atomic<bool> stop = false;
  std::atomic<int> made = 0;
  std::thread other([&] {
    PostgresApplication app(spec_.url, "other");
    while (!stop) {
      EXPECT_EQ(app.run("CREATE TEMPORARY TABLE own(id serial PRIMARY KEY, x text DEFAULT 'x')"),
                "");
      EXPECT_EQ(app.run("INSERT INTO own DEFAULT VALUES RETURNING x"), "x\n");
      EXPECT_EQ(app.run("DROP TABLE own"), "");
      ++made;
    }
  });
  while (made < 3) std::this_thread::yield();
  EXPECT_NO_THROW(swap(a, new_name()));
  stop = true;
  other.join();
}

TEST_F(PostgresqlInPlace, SequencesAndRowsOfABusyWriterAgree) {
  context_.busy_timeout = std::chrono::seconds(60);
  run("CREATE TABLE t(id serial PRIMARY KEY, x integer)");
  const ParkedName a = park();
  std::atomic<bool> stop = false;
  std::atomic<int> acknowledged = 0;
  std::thread writer([&] {
    PostgresApplication app(spec_.url, "writer");
    while (!stop) {
      if (app.run("INSERT INTO t(x) VALUES (1)").empty()) ++acknowledged;
    }
  });
  while (acknowledged < 100) std::this_thread::yield();
  const ParkedName b = new_name();
  EXPECT_NO_THROW(swap(a, b));
  stop = true;
  writer.join();
  const std::string out = run_on(b, "SELECT count(*), max(id) <= nextval('t_id_seq') FROM t");
  const std::string in = run("SELECT count(*) FROM t");
  EXPECT_EQ(std::stoi(out) + std::stoi(in), acknowledged);
  EXPECT_THAT(out, HasSubstr("|t"));
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
