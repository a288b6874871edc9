#include "engine/postgresql/schema_lines.hpp"

#include <array>
#include <string_view>
#include <vector>

#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// A part of the query, for servers of this version on.
struct Lines {
  int since;
  std::string_view sql;
};

constexpr std::string_view spaces = R"(
WITH space AS MATERIALIZED (
  SELECT oid, nspname, nspowner, nspacl FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
own AS MATERIALIZED (
  SELECT c.*, s.nspname FROM pg_class c JOIN space s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')),
collation_name AS NOT MATERIALIZED (
  SELECT oid, format('%s.%I', collnamespace::regnamespace, collname) AS name FROM pg_collation)
)";

constexpr std::array relations{Lines{0, R"(
  SELECT concat_ws(' ', 'schema', nspname, nspowner::regrole, nspacl) AS line FROM space)"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'relation', c.nspname, c.relname, c.relkind, c.relpersistence,
           c.relowner::regrole, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
           c.reloptions, (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace),
           (SELECT amname FROM pg_am WHERE oid = c.relam), c.reloftype::regtype, c.relacl,
           pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
           CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
  FROM own c)"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'inherits', i.inhrelid::regclass, i.inhseqno, i.inhparent::regclass)
  FROM pg_inherits i JOIN own c ON c.oid = i.inhrelid)"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'column', c.nspname, c.relname,
           row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
           format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
           a.attstorage, a.attstattarget, a.attoptions, a.attfdwoptions, a.attacl,
           (SELECT name FROM collation_name WHERE oid = a.attcollation),
           pg_get_expr(d.adbin, d.adrelid))
  FROM pg_attribute a JOIN own c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'S')"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'sequence', c.nspname, c.relname, q.seqtypid::regtype, q.seqstart,
           q.seqincrement, q.seqmax, q.seqmin, q.seqcache, q.seqcycle,
           (SELECT format('%s %I', a.attrelid::regclass, a.attname)
            FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
              AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 LIMIT 1))
  FROM pg_sequence q JOIN own c ON c.oid = q.seqrelid)"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), i.indisclustered, i.indisreplident)
  FROM pg_index i JOIN own c ON c.oid = i.indrelid)"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'constraint', s.nspname, k.conrelid::regclass, k.contypid::regtype,
           k.conname, pg_get_constraintdef(k.oid))
  FROM pg_constraint k JOIN space s ON s.oid = k.connamespace)"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), t.tgenabled)
  FROM pg_trigger t JOIN own c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal)"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'rule', pg_get_ruledef(r.oid), r.ev_enabled)
  FROM pg_rewrite r JOIN own c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN')"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'policy', p.polrelid::regclass, p.polname, p.polcmd, p.polpermissive,
           (SELECT string_agg(role::regrole::text, ' ' ORDER BY role::regrole::text)
            FROM unnest(p.polroles) role WHERE role <> 0),
           pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
  FROM pg_policy p)"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'statistics', pg_get_statisticsobjdef(x.oid), x.stxowner::regrole)
  FROM pg_statistic_ext x JOIN space s ON s.oid = x.stxnamespace)"},
                               Lines{0, R"(
  SELECT concat_ws(' ', 'default grants', defaclrole::regrole, defaclnamespace::regnamespace,
           defaclobjtype, defaclacl)
  FROM pg_default_acl)"}};

constexpr std::array routines_and_types{Lines{0, R"(
  SELECT concat_ws(' ', 'routine', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid),
           format_type(p.prorettype, NULL), p.prokind, p.proowner::regrole, p.proacl,
           CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END)
  FROM pg_proc p JOIN space s ON s.oid = p.pronamespace)"},
                                        Lines{0, R"(
  SELECT concat_ws(' ', 'aggregate', a.aggfnoid::regprocedure, a.aggkind, a.aggnumdirectargs,
           a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
           a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn, a.aggfinalmodify, a.aggsortop::regoperator,
           a.aggtranstype::regtype, a.aggtransspace, a.agginitval, a.aggminitval, p.proparallel)
  FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN space s ON s.oid = p.pronamespace)"},
                                        Lines{0, R"(
  SELECT concat_ws(' ', 'type', s.nspname, t.typname, t.typtype, t.typowner::regrole, t.typacl,
           t.typinput, t.typoutput, t.typlen, t.typalign, t.typstorage, t.typcategory,
           format_type(nullif(t.typbasetype, 0), t.typtypmod), t.typnotnull, t.typdefault,
           (SELECT name FROM collation_name WHERE oid = t.typcollation))
  FROM pg_type t JOIN space s ON s.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE (c.oid IS NULL OR c.relkind = 'c') AND t.typcategory <> 'A')"},
                                        Lines{0, R"(
  SELECT concat_ws(' ', 'enum', s.nspname, t.typname,
           row_number() OVER (PARTITION BY t.oid ORDER BY e.enumsortorder), e.enumlabel)
  FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN space s ON s.oid = t.typnamespace)"},
                                        Lines{0, R"(
  SELECT concat_ws(' ', 'range', s.nspname, t.typname, r.rngsubtype::regtype, o.opcname,
           (SELECT name FROM collation_name WHERE oid = r.rngcollation), r.rngcanonical,
           r.rngsubdiff)
  FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN space s ON s.oid = t.typnamespace
  JOIN pg_opclass o ON o.oid = r.rngsubopc)"},
                                        Lines{0, R"(
  SELECT concat_ws(' ', 'operator', o.oid::regoperator, o.oprowner::regrole, o.oprresult::regtype,
           o.oprcode, o.oprrest, o.oprjoin, o.oprcanmerge, o.oprcanhash, o.oprcom::regoperator,
           o.oprnegate::regoperator)
  FROM pg_operator o JOIN space s ON s.oid = o.oprnamespace)"},
                                        Lines{0, R"(
  SELECT concat_ws(' ', 'operator class', s.nspname, o.opcname, m.amname, o.opcowner::regrole,
           o.opcintype::regtype, o.opckeytype::regtype, o.opcdefault, f.opfname)
  FROM pg_opclass o JOIN space s ON s.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod
  JOIN pg_opfamily f ON f.oid = o.opcfamily)"},
                                        Lines{0, R"(
  SELECT concat_ws(' ', 'operator of family', s.nspname, f.opfname, a.amopstrategy, a.amoppurpose,
           a.amopopr::regoperator)
  FROM pg_amop a JOIN pg_opfamily f ON f.oid = a.amopfamily JOIN space s ON s.oid = f.opfnamespace)"},
                                        Lines{0, R"(
  SELECT concat_ws(' ', 'function of family', s.nspname, f.opfname, a.amprocnum,
           a.amproclefttype::regtype, a.amprocrighttype::regtype, a.amproc::regprocedure)
  FROM pg_amproc a JOIN pg_opfamily f ON f.oid = a.amprocfamily
  JOIN space s ON s.oid = f.opfnamespace)"},
                                        Lines{0, R"(
  SELECT concat_ws(' ', 'cast', c.castsource::regtype, c.casttarget::regtype,
           c.castfunc::regprocedure, c.castcontext, c.castmethod)
  FROM pg_cast c WHERE c.oid >= 16384)"},
                                        Lines{0, R"(
  SELECT concat_ws(' ', 'collation', s.nspname, c.collname, c.collowner::regrole,
           to_jsonb(c) - '{oid,collnamespace,collowner,collversion}'::text[])
  FROM pg_collation c JOIN space s ON s.oid = c.collnamespace)"}};

constexpr std::array others{Lines{0, R"(
  SELECT concat_ws(' ', 'extension', extname, extversion) FROM pg_extension)"},
                            Lines{0, R"(
  SELECT concat_ws(' ', 'text search', s.nspname, c.cfgname, c.cfgowner::regrole, p.prsname,
           m.maptokentype, m.mapseqno, m.mapdict::regdictionary)
  FROM pg_ts_config c JOIN space s ON s.oid = c.cfgnamespace JOIN pg_ts_parser p ON p.oid = c.cfgparser
  LEFT JOIN pg_ts_config_map m ON m.mapcfg = c.oid)"},
                            Lines{0, R"(
  SELECT concat_ws(' ', 'dictionary', s.nspname, d.dictname, d.dictowner::regrole, t.tmplname,
           d.dictinitoption)
  FROM pg_ts_dict d JOIN space s ON s.oid = d.dictnamespace
  JOIN pg_ts_template t ON t.oid = d.dicttemplate)"},
                            Lines{0, R"(
  SELECT concat_ws(' ', 'wrapper', fdwname, fdwowner::regrole, fdwhandler::regproc,
           fdwvalidator::regproc, fdwacl, fdwoptions)
  FROM pg_foreign_data_wrapper)"},
                            Lines{0, R"(
  SELECT concat_ws(' ', 'server', s.srvname, s.srvowner::regrole, w.fdwname, s.srvtype, s.srvversion,
           s.srvacl, s.srvoptions)
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw)"},
                            Lines{0, R"(
  SELECT concat_ws(' ', 'mapping', srvname, usename, umoptions) FROM pg_user_mappings)"},
                            Lines{0, R"(
  SELECT concat_ws(' ', 'foreign table', t.ftrelid::regclass, s.srvname, t.ftoptions)
  FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = t.ftserver)"},
                            Lines{0, R"(
  SELECT concat_ws(' ', 'event trigger', evtname, evtevent, evtowner::regrole, evtenabled, evttags,
           evtfoid::regprocedure)
  FROM pg_event_trigger)"},
                            Lines{0, R"(
  SELECT concat_ws(' ', 'publication', p.pubowner::regrole,
           to_jsonb(p) - '{oid,pubowner}'::text[])
  FROM pg_publication p)"},
                            Lines{0, R"(
  SELECT concat_ws(' ', 'publication of table', p.pubname, r.prrelid::regclass)
  FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid)"},
                            Lines{150000, R"(
  SELECT concat_ws(' ', 'publication of part', p.pubname, r.prrelid::regclass,
           pg_get_expr(r.prqual, r.prrelid),
           (SELECT string_agg(a.attname, ' ' ORDER BY a.attname) FROM pg_attribute a
            WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)))
  FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid)"},
                            Lines{150000, R"(
  SELECT concat_ws(' ', 'publication of schema', p.pubname, n.pnnspid::regnamespace)
  FROM pg_publication_namespace n JOIN pg_publication p ON p.oid = n.pnpubid)"}};

template <std::size_t count>
void add(std::vector<std::string>& parts, const std::array<Lines, count>& lines, int version) {
  for (const Lines& part : lines) {
    if (version >= part.since) parts.emplace_back(part.sql);
  }
}

}  // namespace

std::string schema_lines(int version) {
  std::vector<std::string> parts;
  add(parts, relations, version);
  add(parts, routines_and_types, version);
  add(parts, others, version);
  return std::string(spaces) + join(parts, "\n  UNION ALL");
}

}  // namespace quemsi::postgresql_engine
