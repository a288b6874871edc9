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

}  // namespace
}  // namespace quemsi::postgresql_engine::test
