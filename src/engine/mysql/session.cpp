#include "engine/mysql/session.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

/// A table was made once; it is to be made as it was.
constexpr std::array<const char*, 5> wanted_settings{
    "innodb_strict_mode = 0", "explicit_defaults_for_timestamp = 1",
    "sql_generate_invisible_primary_key = 0", "sql_require_primary_key = 0",
    "show_gipk_in_create_table_and_information_schema = 1"};

/// Servers know some of them only, and MySQL lets not everybody set them.
void set_if_possible(Connection& connection, const std::string& setting) {
  try {
    connection.execute("SET SESSION " + setting);
  } catch (const Error&) {
    if (connection.lost()) throw;
  }
}

}  // namespace

bool may_load_in_bulk(const Connection& connection) {
  if (!connection.is_mariadb()) return false;
  // Before, rows that were loaded in bulk could be lost (MDEV-34703).
  const unsigned long version = connection.version();
  const unsigned long series = version / 100;
  if (series == 1011) return version >= 101111;
  if (series == 1104) return version >= 110405;
  if (series == 1107) return version >= 110702;
  return series >= 1108;
}

bool takes_history(const Connection& connection) {
  constexpr unsigned long first_with_history = 101100;
  return connection.is_mariadb() && connection.version() >= first_with_history;
}

Connection open_build_session(const Server& server) {
  Connection connection = server.connect();
  prepare_build_session(connection);
  return connection;
}

void prepare_build_session(Connection& connection) {
  connection.execute(
      "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION', "
      "SESSION foreign_key_checks = 0");
  for (const char* setting : wanted_settings) set_if_possible(connection, setting);
  if (!connection.is_mariadb()) return;
  connection.execute("SET SESSION check_constraint_checks = 0");
  if (may_load_in_bulk(connection)) connection.execute("SET SESSION unique_checks = 0");
  if (takes_history(connection)) {
    connection.execute("SET SESSION system_versioning_insert_history = 1");
  }
}

void check_arrived(Connection& connection, const std::string& schema, const TableShape& table,
                   std::uint64_t rows) {
  if (!may_load_in_bulk(connection)) return;
  const std::uint64_t arrived =
      connection
          .query(fmt::format("SELECT COUNT(*) FROM {}{}", qualified(schema, table.name),
                             table.history ? " FOR SYSTEM_TIME ALL" : ""))
          .number(0, 0);
  if (arrived == rows) return;
  throw Error(ErrorKind::io, fmt::format("the MySQL server has kept {} rows of {} out of {}",
                                         arrived, table.name, rows))
      .cause("it does so when the disk of its data, or of its temporary files, is full")
      .hint("free some space on the server, then try again");
}

void run_watched(const Server& server, Connection& connection, const std::string& sql,
                 Progress& progress) {
  constexpr std::chrono::milliseconds moment{100};
  connection.start(sql);
  try {
    while (!connection.ready_within(moment)) progress.check_cancelled();
  } catch (...) {
    server.connect().execute(fmt::format("KILL QUERY {}", connection.id()));
    try {
      connection.collect();
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): that it was cancelled
    }
    throw;
  }
  connection.collect();
}

}  // namespace quemsi::mysql_engine
