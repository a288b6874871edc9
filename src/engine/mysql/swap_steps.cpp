#include "engine/mysql/swap_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/mysql/definitions.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

bool contains_name(const SchemaObjects& objects, const SchemaObject& object) {
  return std::ranges::any_of(objects, [&](const SchemaObject& other) {
    return other.kind == object.kind && other.name == object.name;
  });
}

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

}  // namespace

std::set<std::string> SwapSteps::tables_of(const std::string& schema) {
  const Result rows =
      worker_.query(fmt::format("SELECT table_name FROM information_schema.tables WHERE {} AND "
                                "table_type <> 'VIEW'",
                                is_named("table_schema", schema)));
  std::set<std::string> names;
  for (std::size_t i = 0; i < rows.rows(); ++i) names.insert(rows.str(i, 0));
  return names;
}

void SwapSteps::drop_table(const std::string& schema, const std::string& table) {
  worker_.execute("DROP TABLE IF EXISTS " + qualified(schema, table));
}

void SwapSteps::drop_triggers(const std::string& schema) {
  ObjectMaker maker(server_, worker_, schema);
  for (const SchemaObject& trigger : read_triggers(worker_, schema)) maker.drop(trigger);
}

void SwapSteps::make_triggers(const std::string& schema, const std::string& table,
                              const std::string& real_name, const SchemaObjects& triggers) {
  SchemaObjects wanted = of_table(triggers, real_name);
  const SchemaObjects present = of_table(read_triggers(worker_, schema), table);
  if (present.size() == wanted.size()) return;
  // They fire in the order in which they are made.
  ObjectMaker maker(server_, worker_, schema);
  for (const SchemaObject& trigger : present) maker.drop(trigger);
  for (SchemaObject& trigger : wanted) {
    if (table != real_name) trigger.sql = on_table(trigger.sql, table);
  }
  maker.make(wanted);
  maker.report();
}

void SwapSteps::restore_wording(const std::string& schema, const SchemaObjects& triggers) {
  if (!worker_.is_mariadb()) return;
  const SchemaObjects present = read_triggers(worker_, schema);
  std::set<std::string> tables;
  for (const SchemaObject& trigger : triggers) tables.insert(trigger.table);
  worker_.execute("SET SESSION lock_wait_timeout = 1");
  ObjectMaker maker(server_, worker_, schema);
  const Definers& definers = maker.definers();
  for (const std::string& table : tables) {
    SchemaObjects wanted = of_table(triggers, table);
    const auto alike = [&](const SchemaObject& a, const SchemaObject& b) {
      return definers.same(a, b);
    };
    if (std::ranges::equal(of_table(present, table), wanted, alike)) continue;
    // One that is replaced comes last: they keep their order when all are, or none.
    for (SchemaObject& trigger : wanted) trigger.sql = or_replace(trigger.sql);
    try {
      const TableLock lock(worker_, qualified(schema, table));
      maker.make(wanted);
    } catch (const Error& error) {
      // They do what they did; that somebody is using the table is no reason to fail.
      if (error.kind() != ErrorKind::busy) throw;
    }
  }
}

void SwapSteps::publish_hidden() {
  const std::set<std::string> live = tables_of(plan_.live);
  const auto& tables = names_.incoming_tables();
  Renames renames;
  for (const Rename& item : names_.unhides()) {
    if (live.contains(item.from)) renames.push_back(item);
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (!live.contains(names_.hidden_in(i))) continue;
    make_triggers(plan_.live, names_.hidden_in(i), tables[i].name, plan_.incoming_shape.triggers);
  }
  renamer_.rename(renames);
  restore_wording(plan_.live, plan_.incoming_shape.triggers);
}

void SwapSteps::arrange_objects(const std::string& schema, const SchemaObjects& wanted) {
  const SchemaObjects present = read_objects(worker_, schema);
  ObjectMaker maker(server_, worker_, schema);
  const Definers& definers = maker.definers();
  for (const SchemaObject& object : present) {
    if (!definers.contains(wanted, object)) maker.drop(object);
  }
  SchemaObjects missing;
  std::ranges::copy_if(wanted, std::back_inserter(missing), [&](const SchemaObject& object) {
    return !definers.contains(present, object);
  });
  maker.make(missing);
  maker.report();
}

void SwapSteps::complete_outgoing() {
  if (!plan_.live_shape || !find_schema(worker_, plan_.outgoing)) return;
  for (const TableEntry& table : names_.live_tables()) {
    if (!names_.live_has_triggers(table.name)) continue;
    make_triggers(plan_.outgoing, table.name, table.name, plan_.live_shape->triggers);
  }
  ObjectMaker maker(server_, worker_, plan_.outgoing);
  const SchemaObjects present = read_objects(worker_, plan_.outgoing);
  SchemaObjects missing;
  for (const SchemaObject& object : parked_form(plan_.live_shape->objects)) {
    if (!contains_name(present, object)) missing.push_back(object);
  }
  maker.make(missing);
  maker.report();
}

void SwapSteps::drop_empty_schema(const std::string& schema) {
  if (!find_schema(worker_, schema)) return;
  for (const std::string& table : tables_of(schema)) {
    if (is_helper(table)) continue;
    throw Error(ErrorKind::engine,
                fmt::format("the table {} is left in {} after an exchange", table, schema))
        .hint(fmt::format("move it away: RENAME TABLE {} TO somewhere.else;",
                          qualified(schema, table)));
  }
  worker_.execute("DROP DATABASE " + quote_identifier(schema));
}

void SwapSteps::drop_gates() {
  for (const std::string& schema : {plan_.live, plan_.outgoing}) {
    if (!find_schema(worker_, schema)) continue;
    for (const int gate : {1, 2}) drop_table(schema, names_.gate(gate));
  }
}

void SwapSteps::finish() {
  // First: what is made in a schema remembers the schema's default collation.
  alter_schema(worker_, plan_.live, plan_.incoming_shape.facts);
  publish_hidden();
  arrange_objects(plan_.live, live_form(plan_.incoming_shape.objects));
  complete_outgoing();
  drop_gates();
  drop_empty_schema(plan_.incoming);
  if (find_schema(worker_, names_.marker_target())) {
    drop_table(names_.marker_target(), names_.marker());
  }
  registry_.unmark(ParkedName(plan_.incoming));
}

void SwapSteps::give_back_hidden(const std::set<std::string>& live,
                                 const std::set<std::string>& outgoing) {
  const auto& tables = names_.live_tables();
  Renames renames;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const std::string& name = tables[i].name;
    if (live.contains(names_.hidden_out(i))) {
      make_triggers(plan_.live, names_.hidden_out(i), name, plan_.live_shape->triggers);
      renames.push_back({plan_.live, names_.hidden_out(i), plan_.live, name});
    } else if (!live.contains(name) && outgoing.contains(name)) {
      renames.push_back({plan_.outgoing, name, plan_.live, name});
    }
  }
  renamer_.rename(renames);
}

void SwapSteps::undo() {
  if (plan_.live_shape) {
    const std::set<std::string> live = tables_of(plan_.live);
    const bool begun = find_schema(worker_, plan_.outgoing).has_value();
    const std::set<std::string> outgoing =
        begun ? tables_of(plan_.outgoing) : std::set<std::string>();
    if (begun) give_back_hidden(live, outgoing);
    restore_wording(plan_.live, plan_.live_shape->triggers);
    drop_gates();
  }
  if (find_schema(worker_, plan_.incoming)) {
    for (const TableEntry& table : names_.incoming_tables()) {
      if (!names_.incoming_has_triggers(table.name)) continue;
      make_triggers(plan_.incoming, table.name, table.name, plan_.incoming_shape.triggers);
    }
    drop_table(plan_.incoming, names_.marker());
  }
  drop_empty_schema(plan_.outgoing);
  registry_.unmark(ParkedName(plan_.outgoing));
}

}  // namespace quemsi::mysql_engine
