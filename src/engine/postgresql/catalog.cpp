#include "engine/postgresql/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/common/copy_text.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// Relations `c` in schemas `n` of the application's. What an extension made belongs to it, but for
/// what it declares as configuration.
constexpr std::string_view from_relations = R"(
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                       AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
  LEFT JOIN (SELECT t.* FROM pg_extension e, unnest(e.extconfig, e.extcondition) t(oid, condition))
       x ON x.oid = c.oid
  WHERE c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
    AND (d.objid IS NULL OR x.oid IS NOT NULL))";

struct Column {
  std::string name;
  std::string type;
  std::string type_oid;
  std::string collation;
  bool not_null = false;
  bool generated = false;
};

/// By number. One that has been dropped is not there.
using Columns = std::map<std::string, Column>;

/// A constraint that is not validated says nothing of the rows that were there before it.
std::map<std::string, Columns> read_columns(Connection& connection) {
  const Result result = connection.query(
      "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.atttypid, "
      "       a.attcollation, a.attnotnull AND NOT EXISTS ("
      "         SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n' "
      "         AND NOT k.convalidated AND a.attnum = ANY (k.conkey)), a.attgenerated <> '' "
      "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
      "WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped");
  std::map<std::string, Columns> columns;
  for (int row = 0; row < result.rows(); ++row) {
    columns[result.str(row, 0)][result.str(row, 1)] = {.name = result.str(row, 2),
                                                       .type = result.str(row, 3),
                                                       .type_oid = result.str(row, 4),
                                                       .collation = result.str(row, 5),
                                                       .not_null = result.boolean(row, 6),
                                                       .generated = result.boolean(row, 7)};
  }
  return columns;
}

struct UniqueIndex {
  std::vector<std::string> columns;     ///< numbers
  std::vector<std::string> collations;  ///< oids
};

/// Candidates for each table's key, the best first.
std::multimap<std::string, UniqueIndex> read_unique_indexes(Connection& connection) {
  const Result result = connection.query(
      "SELECT i.indrelid, i.indnkeyatts, i.indkey, i.indcollation "
      "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
      "WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL "
      "  AND NOT EXISTS (SELECT FROM pg_opclass o WHERE o.oid = ANY (i.indclass) "
      "                  AND NOT o.opcdefault) "
      "ORDER BY i.indisprimary DESC, i.indnkeyatts, c.relname COLLATE \"C\"");
  std::multimap<std::string, UniqueIndex> indexes;
  for (int row = 0; row < result.rows(); ++row) {
    UniqueIndex index{.columns = split(result.text(row, 2), ' '),
                      .collations = split(result.text(row, 3), ' ')};
    // What an index merely includes is no part of its key.
    index.columns.resize(static_cast<std::size_t>(result.int64(row, 1)));
    indexes.emplace(result.str(row, 0), std::move(index));
  }
  return indexes;
}

/// Every row has a key of its own by this index, in an order that a query can ask for.
bool is_key(const UniqueIndex& index, const Columns& columns) {
  for (std::size_t i = 0; i < index.columns.size(); ++i) {
    const auto column = columns.find(index.columns[i]);
    if (column == columns.end() || !column->second.not_null || column->second.generated ||
        column->second.collation != index.collations.at(i)) {
      return false;
    }
  }
  return true;
}

/// int8, int2, int4, text, oid, bpchar, varchar, date, timestamp, timestamptz, numeric, uuid,
/// bytea.
bool has_faithful_text(const Column& column) {
  static const std::set<std::string, std::less<>> types{
      "20", "21", "23", "25", "26", "1042", "1043", "1082", "1114", "1184", "1700", "2950", "17"};
  return types.contains(column.type_oid);
}

/// As they are stored: a key's text would come out of this order otherwise.
std::vector<const Column*> stored_columns(const Columns& columns) {
  std::vector<std::pair<int, const Column*>> numbered;
  for (const auto& [number, column] : columns) {
    if (!column.generated) numbered.emplace_back(std::stoi(number), &column);
  }
  std::ranges::sort(numbered);
  std::vector<const Column*> stored;
  stored.reserve(numbered.size());
  for (const auto& [number, column] : numbered) stored.push_back(column);
  return stored;
}

void add_columns(Table& table, const Columns& columns) {
  for (const Column* column : stored_columns(columns)) {
    table.shape.columns.push_back(column->name);
    table.shape.types.push_back(column->type);
  }
}

void add_key(Table& table, const UniqueIndex& index, const Columns& columns) {
  table.ranges = true;
  for (const std::string& number : index.columns) {
    const Column& column = columns.at(number);
    table.shape.key.push_back(column.name);
    table.ranges = table.ranges && has_faithful_text(column);
  }
}

}  // namespace

std::vector<Relation> read_relations(Connection& connection) {
  const Result result = connection.query(
      fmt::format("SELECT c.oid, format('%I.%I', n.nspname, c.relname), d.objid IS NOT NULL {} "
                  "AND c.relkind IN ('r', 'p') ORDER BY c.oid",
                  from_relations));
  std::vector<Relation> relations;
  relations.reserve(static_cast<std::size_t>(result.rows()));
  for (int row = 0; row < result.rows(); ++row) {
    relations.push_back({result.str(row, 0), result.str(row, 1), result.boolean(row, 2)});
  }
  return relations;
}

std::vector<Table> read_tables(Connection& connection) {
  const auto columns = read_columns(connection);
  const auto indexes = read_unique_indexes(connection);
  const Result result = connection.query(
      fmt::format("SELECT c.oid, n.nspname, c.relname, x.condition, pg_table_size(c.oid) {} "
                  "AND c.relkind = 'r' ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\"",
                  from_relations));
  static const Columns none;
  std::vector<Table> tables;
  for (int row = 0; row < result.rows(); ++row) {
    const std::string oid = result.str(row, 0);
    const auto found = columns.find(oid);
    const Columns& own = found == columns.end() ? none : found->second;
    Table table;
    table.shape.schema = result.str(row, 1);
    table.shape.name = result.str(row, 2);
    table.shape.condition = result.str(row, 3);
    table.bytes = static_cast<std::uint64_t>(result.int64(row, 4));
    add_columns(table, own);
    const auto [first, last] = indexes.equal_range(oid);
    const auto key =
        std::find_if(first, last, [&](const auto& entry) { return is_key(entry.second, own); });
    if (key != last) add_key(table, key->second, own);
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<SequenceValue> read_sequences(Connection& connection) {
  const Result names =
      connection.query(fmt::format("SELECT n.nspname, c.relname {} AND c.relkind = 'S' "
                                   "ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\"",
                                   from_relations));
  constexpr int most = 200;
  std::vector<SequenceValue> sequences;
  for (int start = 0; start < names.rows(); start += most) {
    const int end = std::min(names.rows(), start + most);
    std::string sql;
    for (int row = start; row < end; ++row) {
      if (!sql.empty()) sql += " UNION ALL ";
      sql += fmt::format("SELECT {}, last_value, is_called FROM {}", row,
                         qualified(names.text(row, 0), names.text(row, 1)));
    }
    const Result values = connection.query(sql);
    for (int i = 0; i < values.rows(); ++i) {
      const auto row = static_cast<int>(values.int64(i, 0));
      sequences.push_back(
          {names.str(row, 0), names.str(row, 1), values.str(i, 1), values.boolean(i, 2)});
    }
  }
  return sequences;
}

std::string sequences_text(const std::vector<SequenceValue>& sequences) {
  std::string text;
  for (const SequenceValue& value : sequences) {
    text += copy_row({value.schema, value.name, value.last_value, value.is_called ? "t" : "f"});
  }
  return text;
}

std::vector<SequenceValue> parse_sequences(std::string_view text) {
  std::vector<SequenceValue> sequences;
  for (; !text.empty(); text.remove_prefix(text.find('\n') + 1)) {
    const std::size_t end = text.find('\n');
    const auto fields = parse_copy_row(text.substr(0, end));
    if (end == std::string_view::npos || !fields || fields->size() != 4) {
      bad_image("the values of its sequences cannot be read");
    }
    sequences.push_back({fields->at(0), fields->at(1), fields->at(2), fields->at(3) == "t"});
  }
  return sequences;
}

std::vector<std::string> statements_of(Connection& connection, const std::string& query) {
  const Result result = connection.query(query);
  std::vector<std::string> list;
  list.reserve(static_cast<std::size_t>(result.rows()));
  for (int row = 0; row < result.rows(); ++row) list.push_back(result.str(row, 0));
  return list;
}

std::string qualified(std::string_view schema, std::string_view name) {
  return quote_identifier(schema) + "." + quote_identifier(name);
}

std::string column_list(const std::vector<std::string>& columns) {
  std::vector<std::string> quoted;
  quoted.reserve(columns.size());
  for (const std::string& column : columns) quoted.push_back(quote_identifier(column));
  return join(quoted, ", ");
}

}  // namespace quemsi::postgresql_engine
