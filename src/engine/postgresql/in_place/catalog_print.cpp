#include "engine/postgresql/in_place/catalog_print.hpp"

#include <fmt/format.h>

#include "engine/postgresql/catalog.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// A new version of a catalogue's row is another row, with another transaction or another place.
/// Statistics change by themselves; of what is temporary any application makes as much as it likes.
/// What columns name the relation that a row belongs to is told by their names.
constexpr const char* prints_to_take = R"(
SELECT format('SELECT %L, count(*), coalesce(sum(hashtextextended(ctid::text || xmin::text, 0)), 0) '
              'FROM %s c', c.relname, c.oid::regclass) ||
       coalesce(' WHERE ' || (
         SELECT string_agg(format('c.%I NOT IN (SELECT oid FROM temporary)', a.attname), ' AND ')
         FROM pg_attribute a WHERE a.attrelid = c.oid AND (a.attname IN ('attrelid', 'indrelid',
           'adrelid', 'conrelid', 'tgrelid', 'ev_class', 'stxrelid', 'inhrelid', 'partrelid',
           'seqrelid', 'objid', 'refobjid', 'objoid')
           OR (a.attname = 'oid' AND c.relname IN ('pg_class', 'pg_type', 'pg_namespace')))), '')
FROM pg_class c
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND NOT c.relisshared
  AND c.relname NOT IN ('pg_statistic', 'pg_statistic_ext_data')
  AND has_table_privilege(c.oid, 'SELECT')
ORDER BY c.relname)";

constexpr const char* temporary = R"(
WITH spaces AS MATERIALIZED (
  SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\_temp\_%' OR nspname LIKE 'pg\_toast\_temp\_%'),
temporary AS MATERIALIZED (
  SELECT oid FROM spaces
  UNION ALL SELECT oid FROM pg_class WHERE relpersistence = 't'
  UNION ALL SELECT oid FROM pg_type WHERE typnamespace IN (SELECT oid FROM spaces))
)";

}  // namespace

std::string catalog_print(Connection& connection) {
  const Result rows =
      connection.query(temporary + join(statements_of(connection, prints_to_take), " UNION ALL "));
  std::string print;
  for (int row = 0; row < rows.rows(); ++row) {
    print += fmt::format("{} {} {}\n", rows.text(row, 0), rows.text(row, 1), rows.text(row, 2));
  }
  return print;
}

}  // namespace quemsi::postgresql_engine
