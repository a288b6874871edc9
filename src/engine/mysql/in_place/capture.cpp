#include "engine/mysql/in_place/capture.hpp"

#include <utility>

#include "engine/mysql/definitions.hpp"
#include "engine/mysql/image_writer.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

using Names = std::map<std::string, std::string>;

void rename_all(SchemaShape& shape, Definitions& definitions, std::vector<Table>& tables,
                const Names& names) {
  for (const auto& [stored, name] : names) {
    for (SchemaObject& object : definitions.makes) {
      if (object.name != stored) continue;
      object = called(std::move(object), name);
      object.name = name;
    }
    for (Counter& counter : definitions.counters) {
      if (counter.name == stored) counter.name = name;
    }
    for (Table& table : tables) {
      if (table.shape.name == stored) table.stored_as = std::exchange(table.shape.name, name);
    }
    for (SchemaObject& trigger : shape.triggers) {
      if (trigger.table != stored) continue;
      trigger.sql = on_table(trigger.sql, name);
      trigger.table = name;
    }
  }
}

}  // namespace

SchemaObject called(SchemaObject table, const std::string& name) {
  const std::string start = "CREATE TABLE " + quote_identifier(table.name);
  if (!table.sql.starts_with(start)) bad_image("it makes no table " + table.name);
  table.sql.replace(0, start.size(), "CREATE TABLE " + quote_identifier(name));
  return table;
}

void capture(LiveHold& hold, const SchemaShape& shape, ImageSink& sink, const Names& names) {
  SchemaShape shown = shape;
  Definitions definitions = read_definitions(hold.worker(), hold.live(), shape.tables, hold.live());
  std::vector<Table> tables = read_catalog(hold.observer(), hold.live(), shape.tables);
  rename_all(shown, definitions, tables, names);
  write_image({.schema = hold.live(),
               .content = Content::all,
               .shape = shown,
               .definitions = definitions,
               .tables = tables,
               .leader = hold.worker(),
               .helper = nullptr},
              sink, no_progress());
}

SchemaShape lock_all(LiveHold& hold) {
  constexpr int tries = 10;
  for (int i = 0; i < tries; ++i) {
    const std::vector<TableEntry> tables = read_tables(hold.observer(), hold.live());
    if (!hold.lock_if_there(tables)) continue;
    SchemaShape shape = read_shape(hold.observer(), hold.live());
    if (shape.tables == tables) return shape;
    hold.unlock();
  }
  throw Error(ErrorKind::busy, "somebody keeps changing the tables of database " + hold.live())
      .hint("try again when migrations are through");
}

}  // namespace quemsi::mysql_engine
