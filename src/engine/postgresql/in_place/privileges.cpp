#include "engine/postgresql/in_place/privileges.hpp"

#include "engine/postgresql/catalog.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr int owner_is_the_databases = 150000;

/// An entry goes when nothing is left in it that differs from what holds without it. Functions and
/// types are everybody's to use.
constexpr const char* defaults_to_reset = R"(
  WITH entries AS (
    SELECT d.oid, d.defaclacl, d.defaclrole,
           format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s ', pg_get_userbyid(d.defaclrole),
                  coalesce(' IN SCHEMA ' || quote_ident(n.nspname), '')) AS start,
           n.oid IS NULL AS global, pg_get_userbyid(d.defaclrole) AS role, k.kind, k.everybody
    FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
    JOIN (VALUES ('r', 'TABLES', NULL), ('S', 'SEQUENCES', NULL), ('f', 'FUNCTIONS', 'EXECUTE'),
                 ('T', 'TYPES', 'USAGE'), ('n', 'SCHEMAS', NULL)) k(letter, kind, everybody)
      ON k.letter = d.defaclobjtype::text
    WHERE pg_has_role(d.defaclrole, 'USAGE'))
  SELECT statement FROM (
    SELECT 1 AS step, e.oid, e.start || format('REVOKE ALL ON %s FROM %s;', e.kind,
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
           AS statement
    FROM entries e, LATERAL (SELECT DISTINCT grantee FROM aclexplode(e.defaclacl)) a
    UNION ALL SELECT 2, e.oid, e.start || format('GRANT ALL ON %s TO %I;', e.kind, e.role)
    FROM entries e WHERE e.global
    UNION ALL SELECT 3, e.oid, e.start || format('GRANT %s ON %s TO PUBLIC;', e.everybody, e.kind)
    FROM entries e WHERE e.global AND e.everybody IS NOT NULL) s
  ORDER BY step, oid)";

/// Who has been given something that a new database does not give him, and the other way round.
constexpr const char* public_to_reset = R"(
  WITH space AS (
    SELECT n.oid, n.nspowner, n.nspacl, obj_description(n.oid, 'pg_namespace') AS comment
    FROM pg_namespace n WHERE n.nspname = 'public' AND pg_has_role(n.nspowner, 'USAGE'))
  SELECT statement FROM (
    SELECT 1 AS step, format('ALTER SCHEMA public OWNER TO pg_database_owner;') AS statement
    FROM space WHERE $2::boolean AND pg_get_userbyid(nspowner) <> 'pg_database_owner'
    UNION ALL SELECT 2, format('REVOKE ALL ON SCHEMA public FROM %s;',
             CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
    FROM space, LATERAL (SELECT DISTINCT grantee FROM aclexplode(nspacl)
                         WHERE grantee <> nspowner) a
    UNION ALL SELECT 3, format('GRANT ALL ON SCHEMA public TO %I;',
             CASE WHEN $2::boolean THEN 'pg_database_owner' ELSE pg_get_userbyid(nspowner) END)
    FROM space
    UNION ALL SELECT 4, CASE WHEN $1::boolean THEN 'GRANT USAGE ON SCHEMA public TO PUBLIC;'
                        ELSE 'GRANT ALL ON SCHEMA public TO PUBLIC;' END FROM space
    UNION ALL SELECT 5, 'COMMENT ON SCHEMA public IS ''standard public schema'';'
    FROM space WHERE comment IS DISTINCT FROM 'standard public schema') s
  ORDER BY step)";

/// The role of whoever owns the database; we are in it when that is us.
constexpr const char* may_be_owner = R"(
  SELECT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = 'pg_database_owner'
                 AND pg_has_role(r.oid, 'USAGE')))";

void reset_public(Connection& connection) {
  const bool since = connection.version() >= owner_is_the_databases;
  const bool ours = since && connection.query(may_be_owner).boolean(0, 0);
  const Result rows = connection.query(public_to_reset, since ? "t" : "f", ours ? "t" : "f");
  for (int row = 0; row < rows.rows(); ++row) connection.execute(rows.str(row, 0));
}

}  // namespace

void reset_privileges(Connection& connection) {
  for (const std::string& statement : statements_of(connection, defaults_to_reset)) {
    connection.execute(statement);
  }
  reset_public(connection);
}

void make_public_schema(Connection& connection) {
  const char* there = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public')";
  if (connection.query(there).boolean(0, 0)) return;
  connection.execute("CREATE SCHEMA public");
  reset_public(connection);
}

}  // namespace quemsi::postgresql_engine
