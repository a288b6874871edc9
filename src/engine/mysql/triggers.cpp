#include "engine/mysql/triggers.hpp"

#include <algorithm>
#include <set>

#include "engine/mysql/definitions.hpp"
#include "quemsi/error.hpp"

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
  if (!connection.is_mariadb()) return;
  const SchemaObjects present = read_triggers(connection, schema);
  std::set<std::string> tables;
  for (const SchemaObject& trigger : triggers) tables.insert(trigger.table);
  connection.execute("SET SESSION lock_wait_timeout = 1");
  ObjectMaker maker(server, connection, schema);
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
      const TableLock lock(connection, qualified(schema, table));
      maker.make(wanted);
    } catch (const Error& error) {
      // They do what they did; that somebody is using the table is no reason to fail.
      if (error.kind() != ErrorKind::busy) throw;
    }
  }
}

}  // namespace quemsi::mysql_engine
