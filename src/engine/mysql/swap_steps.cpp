#include "engine/mysql/swap_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/mysql/kept.hpp"
#include "engine/mysql/triggers.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
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

void SwapSteps::publish_hidden() {
  if (plan_.incoming_shape.triggers.empty()) return;
  const std::set<std::string> live = tables_of(plan_.live);
  const auto& tables = names_.incoming_tables();
  Renames renames;
  for (const Rename& item : names_.unhides()) {
    if (live.contains(item.from)) renames.push_back(item);
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (!live.contains(names_.hidden_in(i))) continue;
    make_triggers(server_, worker_, plan_.live, names_.hidden_in(i), tables[i].name,
                  plan_.incoming_shape.triggers);
  }
  renamer_.rename(renames);
  restore_wording(server_, worker_, plan_.live, plan_.incoming_shape.triggers);
}

void SwapSteps::complete_outgoing() {
  if (!plan_.live_shape || !find_schema(worker_, plan_.outgoing)) return;
  for (const TableEntry& table : names_.live_tables()) {
    if (!names_.live_has_triggers(table.name)) continue;
    make_triggers(server_, worker_, plan_.outgoing, table.name, table.name,
                  plan_.live_shape->triggers);
  }
  objects_.complete_outgoing();
}

bool SwapSteps::has_planned_triggers() {
  SchemaObjects planned;
  for (std::size_t i = 0; i < names_.live_tables().size(); ++i) {
    for (SchemaObject trigger : plan_.live_shape->triggers) {
      if (trigger.table != names_.live_tables()[i].name) continue;
      trigger.table = names_.hidden_out(i);
      planned.push_back(std::move(trigger));
    }
  }
  const SchemaObjects present = read_triggers(worker_, plan_.live);
  return present.size() == planned.size() &&
         std::ranges::all_of(planned, [&](const SchemaObject& trigger) {
           const SchemaObject* found = find_object(present, trigger);
           return found != nullptr && found->table == trigger.table &&
                  same_but_tables(*found, trigger);
         });
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
    // To drop what is not there costs as much as to drop what is.
    const std::set<std::string> tables = tables_of(schema);
    for (const int gate : {1, 2}) {
      if (tables.contains(names_.gate(gate))) drop_table(schema, names_.gate(gate));
    }
  }
}

void SwapSteps::finish() {
  // First: what is made in a schema remembers the schema's default collation.
  alter_schema(worker_, plan_.live, plan_.incoming_shape.facts);
  publish_hidden();
  set_lock_timeout(worker_, server_.context().busy_timeout);
  objects_.arrange_live();
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
      make_triggers(server_, worker_, plan_.live, names_.hidden_out(i), name,
                    plan_.live_shape->triggers);
      renames.push_back({plan_.live, names_.hidden_out(i), plan_.live, name});
    } else if (!live.contains(name) && outgoing.contains(name)) {
      renames.push_back({plan_.outgoing, name, plan_.live, name});
    }
  }
  renamer_.rename(renames);
}

/// Tables that somebody made meanwhile, and that were taken along.
void SwapSteps::give_back_strays(const std::set<std::string>& live,
                                 const std::set<std::string>& outgoing) {
  std::set<std::string> planned;
  for (const TableEntry& table : names_.live_tables()) planned.insert(table.name);
  Renames renames;
  for (const std::string& table : outgoing) {
    if (is_helper(table) || planned.contains(table) || live.contains(table)) continue;
    renames.push_back({plan_.outgoing, table, plan_.live, table});
  }
  move_with_triggers(server_, renamer_, renames);
}

void SwapSteps::undo() {
  set_lock_timeout(worker_, server_.context().busy_timeout);
  if (plan_.live_shape) {
    const std::set<std::string> live = tables_of(plan_.live);
    const bool begun = find_schema(worker_, plan_.outgoing).has_value();
    const std::set<std::string> outgoing =
        begun ? tables_of(plan_.outgoing) : std::set<std::string>();
    if (begun) give_back_hidden(live, outgoing);
    if (begun) give_back_strays(live, outgoing);
    restore_wording(server_, worker_, plan_.live, plan_.live_shape->triggers);
    drop_gates();
  }
  if (find_schema(worker_, plan_.incoming)) {
    for (const TableEntry& table : names_.incoming_tables()) {
      if (!names_.incoming_has_triggers(table.name)) continue;
      make_triggers(server_, worker_, plan_.incoming, table.name, table.name,
                    plan_.incoming_shape.triggers);
    }
    drop_table(plan_.incoming, names_.marker());
  }
  drop_empty_schema(plan_.outgoing);
  registry_.unmark(ParkedName(plan_.outgoing));
}

}  // namespace quemsi::mysql_engine
