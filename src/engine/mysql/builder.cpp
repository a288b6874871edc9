#include "engine/mysql/builder.hpp"

#include <fmt/format.h>

#include "engine/mysql/binary_log.hpp"
#include "engine/mysql/token.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

std::string set_value(const std::string& schema, const Counter& counter) {
  const std::string name = qualified(schema, counter.name);
  if (counter.kind == "SEQUENCE") {
    return fmt::format("DO SETVAL({}, {}, 0, {})", name, counter.value, counter.cycle);
  }
  return fmt::format("ALTER TABLE {} AUTO_INCREMENT = {}", name, counter.value);
}

}  // namespace

void make_tables(Connection& connection, const std::string& schema, const SchemaObjects& makes) {
  connection.enter(schema);
  for (const SchemaObject& object : makes) {
    try {
      connection.execute(object.sql);
    } catch (Error& error) {
      error.cause(fmt::format("while making {} {}", object.kind, object.name));
      throw;
    }
  }
}

void set_counters(Connection& connection, const std::string& schema,
                  const std::vector<Counter>& counters) {
  for (const Counter& counter : counters) connection.execute(set_value(schema, counter));
}

void check_definers(const Server& server, Connection& connection, const SchemaObjects& objects,
                    const SchemaObjects& triggers) {
  SchemaObjects all = objects;
  all.insert(all.end(), triggers.begin(), triggers.end());
  Definers(connection, server.context().definers).check(all);
  check_binary_log(connection, all);
}

void make_objects(const Server& server, Connection& connection, const std::string& schema,
                  const SchemaObjects& objects, const SchemaObjects& triggers) {
  ObjectMaker maker(server, connection, schema);
  maker.make(parked_form(objects));
  maker.make(triggers);
  maker.report();
  // To plan an exchange must not move the position any more.
  open_tables(connection, schema, read_tables(connection, schema));
}

}  // namespace quemsi::mysql_engine
