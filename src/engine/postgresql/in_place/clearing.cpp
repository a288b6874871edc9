#include "engine/postgresql/in_place/clearing.hpp"

#include <fmt/format.h>

#include "engine/postgresql/in_place/privileges.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// The first that the server makes for somebody else than itself.
constexpr int first_normal_oid = 16384;

/// With a version that CREATE EXTENSION would not install, an extension stays as well: its name is
/// all that an image knows.
std::string extensions_to_drop(int version) {
  const char* trusted = version >= 130000 ? "v.trusted" : "false";
  return fmt::format(R"(
  SELECT format('DROP EXTENSION %I CASCADE;', e.extname)
  FROM pg_extension e JOIN pg_available_extensions a
    ON a.name = e.extname AND a.default_version = e.extversion
  JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version
  WHERE pg_has_role(e.extowner, 'USAGE') AND ((SELECT rolsuper FROM pg_roles
          WHERE rolname = current_user)
    OR ({} AND has_database_privilege(current_database(), 'CREATE')))
  ORDER BY e.oid)",
                     trusted);
}

/// Schemas of the application's role that hold nothing of an extension.
constexpr const char* schemas_to_drop = R"(
  SELECT format('DROP SCHEMA %I CASCADE;', n.nspname)
  FROM pg_namespace n
  WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname NOT IN ('information_schema', 'public')
    AND pg_has_role(n.nspowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_extension e WHERE e.extnamespace = n.oid)
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e'
                    AND e.classid = 'pg_namespace'::regclass AND e.objid = n.oid)
    AND NOT EXISTS (SELECT FROM pg_depend e JOIN pg_depend s
                    ON s.classid = e.classid AND s.objid = e.objid
                    WHERE e.deptype = 'e' AND s.refclassid = 'pg_namespace'::regclass
                    AND s.refobjid = n.oid)
  ORDER BY n.oid)";

/// What is left in schemas that stay. A type of a table's rows goes with the table.
constexpr const char* objects_to_drop = R"(
  SELECT DISTINCT format('DROP %s IF EXISTS %s CASCADE;',
           CASE WHEN d.classid = 'pg_proc'::regclass THEN 'ROUTINE'
                WHEN i.type = 'statistics object' THEN 'STATISTICS'
                WHEN i.type = 'composite type' THEN 'TYPE'
                ELSE upper(i.type) END, i.identity)
  FROM pg_depend d JOIN pg_namespace n ON n.oid = d.refobjid,
  LATERAL pg_identify_object(d.classid, d.objid, 0) i
  WHERE d.refclassid = 'pg_namespace'::regclass AND d.objsubid = 0
    AND d.classid IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass,
      'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass,
      'pg_collation'::regclass, 'pg_conversion'::regclass, 'pg_statistic_ext'::regclass,
      'pg_ts_config'::regclass, 'pg_ts_dict'::regclass, 'pg_ts_parser'::regclass,
      'pg_ts_template'::regclass)
    AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid
                    AND e.deptype IN ('e', 'i')))";

/// What is in no schema. Mappings of users and transforms go with what they are for. What only an
/// administrator can own stays.
std::string other_objects_to_drop() {
  const auto select = [](const char* catalogue, const char* condition) {
    return fmt::format(
        "SELECT '{0}'::regclass AS classid, oid AS objid FROM {0} WHERE oid >= {1} AND {2}",
        catalogue, first_normal_oid, condition);
  };
  return fmt::format(
      "SELECT format('DROP %s IF EXISTS %s CASCADE;', replace(upper(i.type), '-', ' '), "
      "i.identity) "
      "FROM ({}) o, LATERAL pg_identify_object(o.classid, o.objid, 0) i "
      "WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = o.classid "
      "AND e.objid = o.objid AND e.deptype IN ('e', 'i'))",
      join({select("pg_event_trigger", "pg_has_role(evtowner, 'USAGE')"),
            select("pg_publication", "pg_has_role(pubowner, 'USAGE')"),
            select("pg_foreign_server", "pg_has_role(srvowner, 'USAGE')"),
            select("pg_foreign_data_wrapper", "pg_has_role(fdwowner, 'USAGE')"),
            select("pg_language", "pg_has_role(lanowner, 'USAGE')"), select("pg_cast", "true")},
           " UNION ALL "));
}

constexpr const char* large_objects_to_drop =
    "SELECT count(lo_unlink(oid)) FROM "
    "pg_largeobject_metadata";

/// Configuration that others than the extension itself have put into its tables.
constexpr const char* extension_rows_to_delete = R"(
  SELECT format('DELETE FROM ONLY %s %s;', t.oid::regclass, t.condition)
  FROM pg_extension e, unnest(e.extconfig, e.extcondition) t(oid, condition)
  JOIN pg_class c ON c.oid = t.oid AND c.relkind = 'r'
  WHERE has_table_privilege(c.oid, 'DELETE'))";

/// Relations and routines that are neither an extension's nor a type's own, which the server owns.
constexpr const char* objects_of_others = R"(
  SELECT i.type, i.identity, pg_get_userbyid(o.owner)
  FROM (SELECT 'pg_class'::regclass AS classid, oid AS objid, relowner AS owner,
               relnamespace AS space FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        UNION ALL SELECT 'pg_proc'::regclass, oid, proowner, pronamespace FROM pg_proc) o
  JOIN pg_namespace n ON n.oid = o.space, LATERAL pg_identify_object(o.classid, o.objid, 0) i
  WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
    AND NOT pg_has_role(o.owner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = o.classid AND e.objid = o.objid
                    AND e.deptype IN ('e', 'i'))
  ORDER BY o.objid LIMIT 5)";

void run_all(LiveHold& hold, const std::string& query) {
  const std::vector<std::string> statements = statements_of(hold.connection(), query);
  if (!statements.empty()) hold.run(join(statements, "\n"));
}

Error belongs_to_others(Connection& connection, const Result& rows) {
  Error error(ErrorKind::engine,
              fmt::format("database {} holds what belongs to others", connection.database()));
  for (int row = 0; row < rows.rows(); ++row) {
    error.cause(fmt::format("{} {} belongs to {}", rows.text(row, 0), rows.text(row, 1),
                            rows.text(row, 2)));
  }
  const std::string role = connection.query("SELECT current_user").str(0, 0);
  return error.hint(fmt::format("as a superuser, in that database: REASSIGN OWNED BY {} TO {};",
                                quote_identifier(rows.text(0, 2)), quote_identifier(role)));
}

Error explained(Error error) {
  if (error.sqlstate() != sqlstate::no_privilege) return error;
  return error.hint(
      "all that the database holds must belong to the role that the URL names; "
      "as its owner: REASSIGN OWNED BY owner TO role;");
}

}  // namespace

void clear_database(LiveHold& hold) {
  try {
    run_all(hold, extensions_to_drop(hold.connection().version()));
    run_all(hold, other_objects_to_drop());
    run_all(hold, schemas_to_drop);
    run_all(hold, objects_to_drop);
    run_all(hold, extension_rows_to_delete);
    hold.run(large_objects_to_drop);
    reset_privileges(hold.connection());
  } catch (const Error& error) {
    throw explained(error);
  }
}

void check_may_clear(Connection& connection) {
  const Result rows = connection.query(objects_of_others);
  if (rows.rows() > 0) throw belongs_to_others(connection, rows);
}

bool is_vacant(Connection& connection) {
  return statements_of(connection, objects_to_drop).empty() &&
         statements_of(connection, schemas_to_drop).empty() &&
         connection.query("SELECT NOT EXISTS (SELECT FROM pg_largeobject_metadata)").boolean(0, 0);
}

}  // namespace quemsi::postgresql_engine
