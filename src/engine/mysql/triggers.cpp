#include "engine/mysql/triggers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "engine/mysql/definitions.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

/// Nobody else gets at the table until destruction.
class TableLock {
 public:
  TableLock(Connection& connection, const std::string& table) : connection_(connection) {
    connection_.execute("LOCK TABLES " + table + " WRITE");
  }
  ~TableLock() {
    try {
      connection_.execute("UNLOCK TABLES");
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the session's end unlocks as well
    }
  }
  TableLock(const TableLock&) = delete;
  TableLock& operator=(const TableLock&) = delete;

 private:
  Connection& connection_;
};

/// In their order.
SchemaObjects of_table(const SchemaObjects& triggers, const std::string& table) {
  SchemaObjects own;
  std::ranges::copy_if(triggers, std::back_inserter(own),
                       [&](const SchemaObject& trigger) { return trigger.table == table; });
  return own;
}

bool has_name(const SchemaObjects& triggers, const SchemaObject& trigger) {
  return std::ranges::find(triggers, trigger.name, &SchemaObject::name) != triggers.end();
}

std::set<std::string> tables_of(const SchemaObjects& triggers) {
  std::set<std::string> tables;
  for (const SchemaObject& trigger : triggers) tables.insert(trigger.table);
  return tables;
}

void make_on(ObjectMaker& maker, SchemaObject trigger, const std::string& table) {
  trigger.sql = on_table(trigger.sql, table);
  try {
    maker.make({trigger});
  } catch (const Error& error) {
    throw cannot_be_made(trigger, error);
  }
}

/// MySQL's have left what triggers say alone since 8.0.
bool renames_reword(const Connection& connection) {
  constexpr unsigned long first_mysql_without = 80000;
  return connection.is_mariadb() || connection.version() < first_mysql_without;
}

bool are_among(const SchemaObjects& some, const SchemaObjects& all) {
  return std::ranges::all_of(some, [&](const SchemaObject& trigger) {
    return std::ranges::any_of(
        all, [&](const SchemaObject& other) { return same_but_tables(trigger, other); });
  });
}

/// One that is replaced comes last: they keep their order when all are, or none. Interrupted, it
/// leaves them in another order; on MySQL, which replaces none, without some.
void replace(const Connection& connection, ObjectMaker& maker, const SchemaObjects& present,
             SchemaObjects wanted) {
  if (connection.is_mariadb()) {
    for (SchemaObject& trigger : wanted) trigger.sql = or_replace(trigger.sql);
  } else {
    for (const SchemaObject& trigger : present) maker.drop(trigger);
  }
  maker.make(wanted);
}

/// Triggers name columns; of which types these are matters to nobody yet.
std::string like_statement(Connection& connection, const std::string& schema,
                           const std::string& table, const TriggerTrial& trial) {
  const Result rows = connection.query(
      fmt::format("SELECT LOWER(column_name) FROM information_schema.columns WHERE {} AND {}",
                  is_named("table_schema", schema), is_named("table_name", table)));
  // What every versioned table has, which is listed of none.
  std::set<std::string> names{"row_start", "row_end"};
  for (std::size_t i = 0; i < rows.rows(); ++i) names.insert(rows.str(i, 0));
  std::vector<std::string> columns;
  columns.reserve(names.size());
  for (const std::string& name : names) columns.push_back(quote_identifier(name) + " INT");
  return fmt::format("CREATE TABLE {} ({}) ENGINE=MEMORY", qualified(trial.schema, trial.table),
                     join(columns, ", "));
}

}  // namespace

void drop_triggers(const Server& server, Connection& connection, const std::string& schema) {
  ObjectMaker maker(server, connection, schema);
  for (const SchemaObject& trigger : read_triggers(connection, schema)) maker.drop(trigger);
}

void make_triggers(const Server& server, Connection& connection, const std::string& schema,
                   const std::string& table, const std::string& real_name,
                   const SchemaObjects& triggers) {
  SchemaObjects wanted = of_table(triggers, real_name);
  const SchemaObjects present = of_table(read_triggers(connection, schema), table);
  if (present.size() == wanted.size()) return;
  if (std::ranges::any_of(present,
                          [&](const SchemaObject& item) { return !has_name(wanted, item); }))
    return;
  // They fire in the order in which they are made.
  ObjectMaker maker(server, connection, schema);
  for (const SchemaObject& trigger : present) maker.drop(trigger);
  for (SchemaObject& trigger : wanted) {
    if (table != real_name) trigger.sql = on_table(trigger.sql, table);
  }
  maker.make(wanted);
  maker.report();
}

void restore_wording(const Server& server, Connection& connection, const std::string& schema,
                     const SchemaObjects& triggers) {
  if (!renames_reword(connection)) return;
  const SchemaObjects present = read_triggers(connection, schema);
  connection.execute("SET SESSION lock_wait_timeout = 1");
  ObjectMaker maker(server, connection, schema);
  const auto alike = [&](const SchemaObject& a, const SchemaObject& b) {
    return maker.definers().same(a, b);
  };
  for (const std::string& table : tables_of(triggers)) {
    const SchemaObjects wanted = of_table(triggers, table);
    const SchemaObjects there = of_table(present, table);
    const bool complete = std::ranges::is_permutation(there, wanted, same_but_tables);
    const bool interrupted = !connection.is_mariadb() && are_among(there, wanted);
    if (!complete && !interrupted) continue;
    if (std::ranges::equal(there, wanted, alike)) continue;
    std::optional<TableLock> lock;
    try {
      lock.emplace(connection, qualified(schema, table));
    } catch (const Error& error) {
      // They do what they did; that somebody is using the table is no reason to fail.
      if (error.kind() != ErrorKind::busy || !complete) throw;
      continue;
    }
    replace(connection, maker, there, wanted);
  }
}

bool same_but_tables(const SchemaObject& a, const SchemaObject& b) {
  const auto bare = [](SchemaObject trigger) {
    trigger.sql = split_trigger(trigger.sql).rest;
    trigger.table.clear();
    return trigger;
  };
  return bare(a) == bare(b);
}

void move_with_triggers(const Server& server, Renamer& renamer, const Renames& renames) {
  if (renames.empty()) return;
  Connection& worker = renamer.worker();
  const std::string& from = renames.front().from_schema;
  const SchemaObjects triggers = read_triggers(worker, from);
  ObjectMaker maker(server, worker, from);
  for (const Rename& item : renames) {
    for (const SchemaObject& trigger : of_table(triggers, item.from)) maker.drop(trigger);
  }
  const auto make_in = [&](const std::string Rename::*schema) {
    for (const Rename& item : renames) {
      make_triggers(server, worker, item.*schema, item.from, item.from, triggers);
    }
  };
  try {
    renamer.rename(renames);
  } catch (const Error&) {
    if (!worker.lost()) make_in(&Rename::from_schema);
    throw;
  }
  make_in(&Rename::to_schema);
}

void try_triggers(const Server& server, Connection& connection, const std::string& schema,
                  const SchemaObjects& triggers, const SchemaObjects& doubtful,
                  const TriggerTrial& trial) {
  if (doubtful.empty()) return;
  ObjectMaker maker(server, connection, trial.schema);
  for (const std::string& table : tables_of(doubtful)) {
    connection.execute(like_statement(connection, schema, table, trial));
    for (const SchemaObject& trigger : of_table(triggers, table)) {
      make_on(maker, trigger, trial.table);
    }
    connection.execute("DROP TABLE " + qualified(trial.schema, trial.table));
  }
}

}  // namespace quemsi::mysql_engine
