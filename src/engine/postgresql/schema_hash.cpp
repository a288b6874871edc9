#include "engine/postgresql/schema_hash.hpp"

#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// What extensions bring along is told by their versions. One row, in one round trip.
constexpr const char* hash_query = R"(
WITH space AS MATERIALIZED (
  SELECT oid, nspname, nspacl FROM pg_catalog.pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
part AS (
  SELECT 'extension ' || extname || ' ' || extversion AS line FROM pg_catalog.pg_extension
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'schema', nspname, nspacl) FROM space
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'relation', s.nspname, c.relname, c.relkind, c.relpersistence,
           c.relrowsecurity, c.relacl, pg_catalog.pg_get_expr(c.relpartbound, c.oid),
           CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END)
  FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'column', s.nspname, c.relname,
           pg_catalog.row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
           pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
           a.attgenerated, a.attacl, pg_catalog.pg_get_expr(d.adbin, d.adrelid))
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f', 'c')
  JOIN space s ON s.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT 'index ' || pg_catalog.pg_get_indexdef(i.indexrelid)
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
  JOIN space s ON s.oid = c.relnamespace
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'constraint', s.nspname, k.conrelid::regclass, k.conname,
                              pg_catalog.pg_get_constraintdef(k.oid))
  FROM pg_catalog.pg_constraint k JOIN space s ON s.oid = k.connamespace
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'trigger', pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled)
  FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN space s ON s.oid = c.relnamespace WHERE NOT t.tgisinternal
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'routine', s.nspname, p.proname,
           pg_catalog.pg_get_function_identity_arguments(p.oid),
           pg_catalog.format_type(p.prorettype, NULL), p.prokind, p.proacl,
           CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) END)
  FROM pg_catalog.pg_proc p JOIN space s ON s.oid = p.pronamespace
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'enum', s.nspname, t.typname, e.enumsortorder, e.enumlabel)
  FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
  JOIN space s ON s.oid = t.typnamespace
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'domain', s.nspname, t.typname,
           pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault)
  FROM pg_catalog.pg_type t JOIN space s ON s.oid = t.typnamespace WHERE t.typtype = 'd'
  UNION ALL
  SELECT 'rule ' || pg_catalog.pg_get_ruledef(r.oid)
  FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
  JOIN space s ON s.oid = c.relnamespace WHERE r.rulename <> '_RETURN'
  UNION ALL
  SELECT 'statistics ' || pg_catalog.pg_get_statisticsobjdef(x.oid)
  FROM pg_catalog.pg_statistic_ext x JOIN space s ON s.oid = x.stxnamespace
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'event trigger', evtname, evtevent, evtenabled, evttags,
           evtfoid::regprocedure)
  FROM pg_catalog.pg_event_trigger
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'publication', p.pubname, p.puballtables, p.pubinsert,
           p.pubupdate, p.pubdelete, p.pubtruncate,
           (SELECT pg_catalog.string_agg(r.prrelid::regclass::text, ' ' ORDER BY r.prrelid::regclass::text)
            FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid))
  FROM pg_catalog.pg_publication p
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'default grants', defaclnamespace::regnamespace, defaclobjtype,
           defaclacl)
  FROM pg_catalog.pg_default_acl
  UNION ALL
  SELECT pg_catalog.concat_ws(' ', 'policy', p.polrelid::regclass, p.polname, p.polcmd, p.polpermissive,
           (SELECT pg_catalog.string_agg(role::regrole::text, ' ' ORDER BY role::regrole::text)
            FROM pg_catalog.unnest(p.polroles) role WHERE role <> 0),
           pg_catalog.pg_get_expr(p.polqual, p.polrelid),
           pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
  FROM pg_catalog.pg_policy p)
SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(
         coalesce(pg_catalog.string_agg(line, E'\n' ORDER BY line COLLATE "C"), ''), 'UTF8')),
         'hex')
FROM part)";

}  // namespace

std::optional<std::string> schema_hash(const Server& server) {
  try {
    Connection connection = server.connect(server.live());
    return connection.query(hash_query).str(0, 0);
  } catch (const Error& error) {
    if (error.sqlstate() == sqlstate::no_database) return std::nullopt;
    throw;
  }
}

}  // namespace quemsi::postgresql_engine
