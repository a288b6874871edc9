#include <fmt/format.h>

#include "engine/postgresql/catalog.hpp"
#include "engine/postgresql/copy.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// Triggers that TRUNCATE would fire: how to turn them off, and on again as they were.
constexpr const char* triggers_to_disable = R"(
  SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', t.tgrelid::regclass, t.tgname)
  FROM pg_trigger t WHERE t.tgtype::int & 32 <> 0 AND NOT t.tgisinternal AND t.tgenabled <> 'D')";
constexpr const char* triggers_to_enable = R"(
  SELECT format('ALTER TABLE %s ENABLE %s TRIGGER %I', t.tgrelid::regclass,
                CASE t.tgenabled WHEN 'R' THEN 'REPLICA' WHEN 'A' THEN 'ALWAYS' ELSE '' END,
                t.tgname)
  FROM pg_trigger t WHERE t.tgtype::int & 32 <> 0 AND NOT t.tgisinternal AND t.tgenabled <> 'D')";

/// Partitioned tables as well: foreign keys of theirs are in the way of whoever leaves them out.
/// Not those with foreign partitions, which are somebody else's tables.
constexpr const char* tables_to_truncate = R"(
  SELECT CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || format('%I.%I', n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\_%'
    AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                    AND d.objid = c.oid AND d.deptype = 'e')
    AND NOT EXISTS (SELECT FROM pg_partition_tree(c.oid) p JOIN pg_class f ON f.oid = p.relid
                    WHERE f.relkind = 'f')
  ORDER BY c.oid)";

constexpr const char* extension_rows_to_delete = R"(
  SELECT format('DELETE FROM ONLY %s %s', t.oid::regclass, t.condition)
  FROM pg_extension e, unnest(e.extconfig, e.extcondition) t(oid, condition)
  JOIN pg_class c ON c.oid = t.oid AND c.relkind = 'r')";

constexpr const char* sequences_to_restart = R"(
  SELECT format('ALTER SEQUENCE %I.%I RESTART', n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'S' AND c.relpersistence <> 't'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                    AND d.objid = c.oid AND d.deptype = 'e'))";

/// In order of creation, which is that of their dependencies.
constexpr const char* views_to_refresh = R"(
  SELECT format('REFRESH MATERIALIZED VIEW %I.%I', n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'm' AND c.relispopulated ORDER BY c.oid)";

void run_all(Connection& connection, const std::vector<std::string>& list) {
  for (const std::string& statement : list) connection.execute(statement);
}

}  // namespace

void empty_parked(const Server& server, const std::string& database) {
  Connection connection = server.connect(database);
  Transaction transaction(connection);
  const auto enable = statements_of(connection, triggers_to_enable);
  run_all(connection, statements_of(connection, triggers_to_disable));
  const auto tables = statements_of(connection, tables_to_truncate);
  if (!tables.empty()) connection.execute("TRUNCATE TABLE " + join(tables, ", "));
  run_all(connection, statements_of(connection, extension_rows_to_delete));
  run_all(connection, statements_of(connection, sequences_to_restart));
  connection.execute("SELECT count(lo_unlink(oid)) FROM pg_largeobject_metadata");
  run_all(connection, statements_of(connection, views_to_refresh));
  run_all(connection, enable);
  transaction.commit();
}

}  // namespace quemsi::postgresql_engine
