#include "engine/postgresql_image_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* tablespace_of_database =
    "SELECT s.spcname FROM pg_database d JOIN pg_tablespace s ON s.oid = d.dattablespace "
    "WHERE d.datname = current_database()";
constexpr const char* tablespaces_of_relations =
    "SELECT c.relname, coalesce(s.spcname, 'the default') FROM pg_class c LEFT JOIN pg_tablespace "
    "s "
    "ON s.oid = c.reltablespace WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1";

class PostgresqlTablespaces : public ImageWorld {
 protected:
  PostgresqlTablespaces() {
    make_tablespace("the large one");
    make_tablespace("fast");
    server_.admin("ALTER DATABASE app SET TABLESPACE \"the large one\"");
    run("CREATE TABLE t(id integer PRIMARY KEY USING INDEX TABLESPACE fast, x text); "
        "CREATE TABLE u(x integer) TABLESPACE fast; "
        "CREATE TABLE p(x integer) PARTITION BY LIST (x) TABLESPACE fast; "
        "CREATE TABLE p1 PARTITION OF p DEFAULT; "
        "INSERT INTO t VALUES (1, 'x'); INSERT INTO u VALUES (1)");
  }
  ~PostgresqlTablespaces() override {
    server_.drop_parked();
    server_.drop("app");
    for (const char* name : {"the large one", "fast", "another"}) {
      server_.admin("DROP TABLESPACE IF EXISTS " + quemsi::test::sql_name(name));
    }
  }
};

TEST_F(PostgresqlTablespaces, ComeBack) {
  const ParkedName name = expect_round_trip();
  EXPECT_EQ(run_in(name, tablespace_of_database), "the large one\n");
  EXPECT_EQ(run_in(name, tablespaces_of_relations), run(tablespaces_of_relations));
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(PostgresqlTablespaces, ThatAreMissingOrForbiddenAreTheDefaultOne) {
  const auto image = seal();
  server_.admin("ALTER TABLESPACE fast RENAME TO another");
  server_.admin("REVOKE CREATE ON TABLESPACE \"the large one\" FROM PUBLIC");
  const ParkedName name = materialise(*image);
  EXPECT_EQ(run_in(name, tablespace_of_database), "pg_default\n");
  EXPECT_EQ(run_in(name, "SELECT count(*) FROM pg_class WHERE reltablespace NOT IN (0, 1664)"),
            "0\n");
  EXPECT_EQ(run_in(name, "SELECT count(*) FROM t, u"), "1\n");
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("\"the large one\""), HasSubstr(" fast ")));
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
