#include "engine/postgresql/schema_hash.hpp"

#include <set>

#include "engine/postgresql_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using PostgresqlSchemaHash = PostgresqlWorld;

TEST_F(PostgresqlSchemaHash, SeesEveryKindOfChange) {
  server_.admin("CREATE ROLE reader");
  std::set<std::optional<std::string>> seen{schema_hash(open())};
  for (const char* sql :
       {"CREATE FUNCTION f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; END",
        "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 2; END",
        "ALTER FUNCTION f() SET work_mem = '8MB'",
        "GRANT EXECUTE ON FUNCTION f() TO reader",
        "CREATE AGGREGATE total(integer) (sfunc = int4pl, stype = integer)",
        "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
        "CREATE OR REPLACE RULE r AS ON DELETE TO t DO ALSO NOTHING",
        "GRANT SELECT ON t TO reader",
        "GRANT UPDATE (label) ON t TO reader",
        "CREATE SCHEMA s",
        "GRANT USAGE ON SCHEMA s TO reader",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO reader",
        "CREATE STATISTICS st ON id, label FROM t",
        "CREATE PUBLICATION p FOR TABLE t",
        "ALTER PUBLICATION p SET (publish = 'insert')",
        "CREATE POLICY rows ON t FOR SELECT USING (id = 1)",
        "ALTER POLICY rows ON t TO reader",
        "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION e()",
        "ALTER EVENT TRIGGER et DISABLE",
        "CREATE TYPE pair AS (a integer, b integer)",
        "CREATE DOMAIN d AS text",
        "CREATE TYPE color AS ENUM ('red')",
        "ALTER TYPE color ADD VALUE 'blue'"}) {
    server_.admin(sql, live_);
    EXPECT_TRUE(seen.insert(schema_hash(open())).second) << sql;
  }
  server_.admin("DROP OWNED BY reader", live_);
  server_.admin("DROP ROLE reader", live_);
}

struct Change {
  const char* sql;
  int since = 12;  ///< of the server
};

TEST_F(PostgresqlSchemaHash, SeesWhatSettlesHowThingsWork) {
  server_.admin("CREATE ROLE reader");
  server_.admin(
      "CREATE TABLE base(id integer PRIMARY KEY, x text, y integer NOT NULL UNIQUE); "
      "CREATE TABLE heir(); CREATE TABLE z(x text); CREATE VIEW v AS SELECT x FROM base; "
      "CREATE FUNCTION f(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT "
      "true'; "
      "CREATE RULE r AS ON DELETE TO base DO INSTEAD NOTHING; CREATE SEQUENCE q; "
      "CREATE PUBLICATION p FOR TABLE base; CREATE TYPE pair AS (a integer); "
      "CREATE AGGREGATE total(integer) (sfunc = int4pl, stype = integer); CREATE SCHEMA n",
      live_);
  const int major = open().connect(live_).major();
  std::set<std::optional<std::string>> seen{schema_hash(open())};
  for (const Change& change : std::vector<Change>{
           {"ALTER TABLE base ENABLE ROW LEVEL SECURITY"},
           {"ALTER TABLE base FORCE ROW LEVEL SECURITY"},
           {"ALTER VIEW v SET (security_barrier = true)"},
           {"ALTER VIEW v SET (check_option = local)"},
           {"ALTER VIEW v SET (security_invoker = true)", 15},
           {"ALTER VIEW v ALTER COLUMN x SET DEFAULT 'x'"},
           {"ALTER TABLE base SET (fillfactor = 50)"},
           {"ALTER TABLE heir ADD COLUMN id integer NOT NULL, ADD COLUMN x text, "
            "ADD COLUMN y integer NOT NULL"},
           {"ALTER TABLE heir INHERIT base"},
           {"CREATE TABLE split(a integer, b integer) PARTITION BY RANGE (a)"},
           {"DROP TABLE split; CREATE TABLE split(a integer, b integer) PARTITION BY RANGE (b)"},
           {"ALTER TABLE z ALTER COLUMN x TYPE text COLLATE \"C\""},
           {"ALTER TABLE base ALTER COLUMN x SET STORAGE EXTERNAL"},
           {"ALTER SEQUENCE q INCREMENT 5"},
           {"ALTER SEQUENCE q AS integer MAXVALUE 100"},
           {"ALTER SEQUENCE q CYCLE"},
           {"ALTER SEQUENCE q OWNED BY base.id"},
           {"ALTER TABLE base OWNER TO reader"},
           {"ALTER FUNCTION f OWNER TO reader"},
           {"ALTER SCHEMA n OWNER TO reader"},
           {"ALTER TYPE pair OWNER TO reader"},
           {"ALTER TABLE base REPLICA IDENTITY FULL"},
           {"ALTER TABLE base REPLICA IDENTITY USING INDEX base_y_key"},
           {"ALTER TABLE base CLUSTER ON base_pkey"},
           {"ALTER TABLE base DISABLE RULE r"},
           {"CREATE TYPE span AS RANGE (subtype = float8)"},
           {"DROP TYPE span; CREATE TYPE span AS RANGE (subtype = float8, "
            "subtype_diff = float8mi)"},
           {"CREATE OPERATOR n.<-> (leftarg = integer, rightarg = integer, function = f)"},
           {"ALTER OPERATOR n.<-> (integer, integer) SET (restrict = eqsel)"},
           {"CREATE OPERATOR CLASS n.oc FOR TYPE pair USING hash AS STORAGE pair"},
           {"CREATE CAST (pair AS text) WITH INOUT AS ASSIGNMENT"},
           {"DROP CAST (pair AS text); CREATE CAST (pair AS text) WITH INOUT AS IMPLICIT"},
           {"DROP AGGREGATE total(integer); "
            "CREATE AGGREGATE total(integer) (sfunc = int4pl, stype = integer, initcond = '5')"},
           {"CREATE COLLATION n.c (locale = 'C')"},
           {"CREATE TEXT SEARCH DICTIONARY n.words (template = simple)"},
           {"ALTER TEXT SEARCH DICTIONARY n.words (accept = false)"},
           {"CREATE TEXT SEARCH CONFIGURATION n.search (copy = simple)"},
           {"ALTER TEXT SEARCH CONFIGURATION n.search DROP MAPPING FOR email"},
           {"CREATE FOREIGN DATA WRAPPER w"},
           {"CREATE SERVER far FOREIGN DATA WRAPPER w OPTIONS (host 'a'); GRANT USAGE ON FOREIGN "
            "SERVER far TO app"},
           {"ALTER SERVER far OPTIONS (SET host 'b')"},
           {"CREATE USER MAPPING FOR app SERVER far OPTIONS (user 'x')"},
           {"ALTER USER MAPPING FOR app SERVER far OPTIONS (SET user 'y')"},
           {"CREATE FOREIGN TABLE away(x integer OPTIONS (k '1')) SERVER far"},
           {"ALTER FOREIGN TABLE away OPTIONS (ADD t 'z')"},
           {"ALTER FOREIGN TABLE away ALTER COLUMN x OPTIONS (SET k '2')"},
           {"ALTER PUBLICATION p SET TABLE base (id, y)", 15},
           {"ALTER PUBLICATION p SET TABLE base (id, y) WHERE (id > 5)", 15},
           {"ALTER PUBLICATION p SET TABLE base; ALTER PUBLICATION p ADD TABLES IN SCHEMA n", 15},
           {"ALTER DEFAULT PRIVILEGES FOR ROLE reader GRANT SELECT ON TABLES TO app"}}) {
    if (major < change.since) continue;
    server_.admin(change.sql, live_);
    EXPECT_TRUE(seen.insert(schema_hash(open())).second) << change.sql;
  }
  server_.admin("DROP OWNED BY reader CASCADE", live_);
  server_.admin("DROP ROLE reader", live_);
}

TEST_F(PostgresqlSchemaHash, IsTheSameForTheSameSchemaElsewhere) {
  const std::string elsewhere = new_name().str();
  for (const std::string& database : {live_, elsewhere}) {
    if (database == elsewhere) {
      server_.create(elsewhere);
      server_.admin("CREATE TABLE other(x integer); DROP TABLE other", elsewhere);
      fill(elsewhere, "another row");
    }
    server_.admin(
        "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE DOMAIN d AS integer CHECK (VALUE > 0);"
        "CREATE TABLE u(id integer PRIMARY KEY, m mood, x d, t_id integer REFERENCES t)",
        database);
  }
  const std::optional<std::string> here = schema_hash(open());
  server_.drop(live_);
  server_.admin("ALTER DATABASE " + sql_name(elsewhere) + " RENAME TO " + sql_name(live_));
  EXPECT_EQ(schema_hash(open()), here);
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
