#include "engine/postgresql/definitions.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "engine/postgresql/catalog.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// Says what is so already: that changes nothing, and takes the lock that keeps changes out. A
/// trigger on such statements might do anything.
constexpr const char* enums_to_hold = R"(
  WITH space AS MATERIALIZED (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
      AND has_schema_privilege(oid, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtenabled <> 'D'))
  SELECT format('ALTER TYPE %I.%I ADD VALUE IF NOT EXISTS %L', s.nspname, t.typname, e.label)
  FROM pg_type t JOIN space s ON s.oid = t.typnamespace
  JOIN (SELECT enumtypid, min(enumlabel::text) AS label FROM pg_enum GROUP BY enumtypid) e
    ON e.enumtypid = t.oid
  WHERE pg_has_role(t.typowner, 'USAGE'))";

struct Catalogue {
  const char* table;
  const char* word;     ///< for humans
  const char* name;     ///< a column
  const char* space;    ///< the schema that it is in
  const char* ignored;  ///< columns that pg_dump reads in its snapshot only
};

/// Besides what the locks on tables cover.
constexpr std::array catalogues{
    Catalogue{"pg_namespace", "schema", "nspname", "c.oid", "nspowner,nspacl"},
    Catalogue{"pg_type", "type", "typname", "typnamespace", "typowner,typacl"},
    Catalogue{"pg_proc", "function", "proname", "pronamespace", "proowner,proacl"},
    Catalogue{"pg_operator", "operator", "oprname", "oprnamespace", "oprowner"},
    Catalogue{"pg_collation", "collation", "collname", "collnamespace", "collowner,collversion"},
    Catalogue{"pg_constraint", "constraint", "conname", "connamespace", ""},
    Catalogue{"pg_statistic_ext", "statistics", "stxname", "stxnamespace", "stxowner"},
    Catalogue{"pg_rewrite", "rule", "rulename",
              "(SELECT relnamespace FROM pg_class WHERE oid = ev_class)", "ev_enabled"},
    Catalogue{"pg_trigger", "trigger", "tgname",
              "(SELECT relnamespace FROM pg_class WHERE oid = tgrelid)", "tgenabled"}};

constexpr std::string_view space = R"(
  WITH space AS MATERIALIZED (
    SELECT oid FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema')
)";

constexpr const char* beside_tables = R"(
  SELECT EXISTS (SELECT FROM pg_class c JOIN space s ON s.oid = c.relnamespace
                 WHERE c.relkind IN ('v', 'm', 'c'))
      OR EXISTS (SELECT FROM pg_type t JOIN space s ON s.oid = t.typnamespace
                 WHERE t.typtype IN ('e', 'd', 'r'))
      OR EXISTS (SELECT FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
                 WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                                   AND d.objid = p.oid AND d.deptype = 'e')))";

constexpr std::string_view values_of_enums = R"(
  SELECT 'enum value ' || e.oid, format('type %s', t.typname), e.enumlabel::text
  FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN space s ON s.oid = t.typnamespace)";

constexpr std::string_view composite_types = R"(
  SELECT 'composite ' || c.oid, format('type %s', c.relname),
         string_agg(concat_ws(' ', a.attnum, a.atttypid, a.atttypmod, a.attisdropped), ','
                    ORDER BY a.attnum)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  JOIN space s ON s.oid = c.relnamespace
  WHERE c.relkind = 'c' GROUP BY c.oid, c.relname)";

constexpr std::string_view names_of_relations = R"(
  SELECT 'relation ' || c.oid, format('relation %s', c.relname), concat_ws(' ', c.relname, c.relnamespace)
  FROM pg_class c JOIN space s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('i', 'I', 'S', 'v', 'm', 'f'))";

std::string select_from(const Catalogue& catalogue) {
  return fmt::format(
      "SELECT '{0} ' || c.oid, format('{1} %s', {2}), "
      "hashtextextended((to_jsonb(c) - '{{{4}}}'::text[])::text, 0)::text "
      "FROM {0} c WHERE {3} IN (SELECT oid FROM space)",
      catalogue.table, catalogue.word, catalogue.name, catalogue.space, catalogue.ignored);
}

Definitions read(Connection& connection, const std::vector<std::string>& selections) {
  const Result rows = connection.query(std::string(space) + join(selections, " UNION ALL "));
  Definitions definitions;
  for (int row = 0; row < rows.rows(); ++row) {
    definitions[rows.str(row, 0)] = {rows.str(row, 1), rows.str(row, 2)};
  }
  return definitions;
}

}  // namespace

bool has_definitions(Connection& connection) {
  return connection.query(std::string(space) + beside_tables).boolean(0, 0);
}

void hold_enums(Connection& transaction) {
  const std::vector<std::string> statements = statements_of(transaction, enums_to_hold);
  if (statements.empty()) return;
  const Result limit = transaction.query("SHOW lock_timeout");
  transaction.execute("SAVEPOINT enums");
  try {
    transaction.execute("SET LOCAL lock_timeout = 20; " + join(statements, "; ") +
                        "; SET LOCAL lock_timeout = " + quote_literal(limit.text(0, 0)));
  } catch (const Error&) {
    if (!transaction.alive()) throw;
    transaction.execute("ROLLBACK TO SAVEPOINT enums");
  }
  transaction.execute("RELEASE SAVEPOINT enums");
}

Definitions read_definitions(Connection& connection) {
  std::vector<std::string> selections{std::string(values_of_enums), std::string(composite_types),
                                      std::string(names_of_relations)};
  for (const Catalogue& catalogue : catalogues) selections.push_back(select_from(catalogue));
  return read(connection, selections);
}

Definitions read_types(Connection& connection) {
  return read(connection, {std::string(values_of_enums), std::string(composite_types)});
}

std::optional<std::string> changed_definition(const Definitions& then, const Definitions& now) {
  for (const auto& [key, definition] : then) {
    const auto found = now.find(key);
    if (found == now.end() || found->second.print != definition.print) return definition.name;
  }
  return std::nullopt;
}

std::optional<std::string> changed_type(const Definitions& then, const Definitions& now) {
  Definitions left = then;
  std::erase_if(left, [&](const auto& entry) { return !now.contains(entry.first); });
  return changed_definition(left, now);
}

}  // namespace quemsi::postgresql_engine
