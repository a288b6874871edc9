#include "engine/mysql/removal.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "engine/mysql/holders.hpp"
#include "engine/mysql/kept.hpp"
#include "engine/mysql/shape.hpp"
#include "engine/mysql/swap.hpp"
#include "engine/mysql/token.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

std::vector<std::string> qualified_tables(Connection& connection, const std::string& schema) {
  std::vector<std::string> names;
  for (const TableEntry& table : read_tables(connection, schema)) {
    names.push_back(qualified(schema, table.name));
  }
  return names;
}

Error in_use(Connection& connection, const std::string& schema) {
  Error error(ErrorKind::busy, "schema " + schema + " is in use");
  for (const Holder& holder : holders_of(connection, {schema}, {})) error.cause(describe(holder));
  return error;
}

/// A session that has ended is among them for a moment.
void wait_until_unused(const Server& server, Connection& connection) {
  const auto deadline = std::chrono::steady_clock::now() + server.context().busy_timeout;
  while (!users_of(connection, server.live()).empty()) {
    if (std::chrono::steady_clock::now() > deadline) throw in_use(connection, server.live());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void lock(const Server& server, Connection& connection, const std::vector<std::string>& tables) {
  set_lock_timeout(connection, server.context().busy_timeout);
  try {
    connection.execute("LOCK TABLES " + join(tables, " WRITE, ") + " WRITE");
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::busy) throw;
    throw in_use(connection, server.live());
  }
}

/// `witness`: a session that may look at what is not locked.
void drop_tables(const Server& server, Connection& connection, Connection& witness,
                 const Token& token) {
  const std::vector<std::string> tables = qualified_tables(connection, server.live());
  if (tables.empty()) return;
  lock(server, connection, tables);
  if (!proves(token, witness, server.live())) throw_changed(server.live());
  connection.execute("SET SESSION foreign_key_checks = 0");
  connection.execute("DROP TABLE " + join(tables, ", "));
  connection.execute("UNLOCK TABLES");
}

}  // namespace

void drop_live(const Server& server, const Token& token) {
  Connection connection = server.connect();
  Connection witness = server.connect();
  const std::string& live = server.live();
  if (!find_schema(connection, live)) return;
  wait_until_unused(server, connection);
  SchemaShape rest = read_shape(connection, live);
  if (!proves(token, connection, live)) throw_changed(live);
  drop_tables(server, connection, witness, token);
  rest.tables.clear();
  rest.triggers.clear();
  if (!has_same_names(read_shape(connection, live), rest)) throw_changed(live);
  connection.execute("DROP DATABASE " + quote_identifier(live));
  write_kept(connection, server.registry(), live, {});
}

}  // namespace quemsi::mysql_engine
