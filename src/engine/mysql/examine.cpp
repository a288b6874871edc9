#include "engine/mysql/examine.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "engine/mysql/binary_log.hpp"
#include "engine/mysql/foreign_keys.hpp"
#include "engine/mysql/history.hpp"
#include "engine/mysql/objects.hpp"
#include "engine/mysql/privileges.hpp"
#include "engine/mysql/read_lock.hpp"
#include "util/disk.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

void find_plain_engines(Connection& connection, const std::string& schema,
                        std::vector<Finding>& findings) {
  const Result rows = connection.query(
      fmt::format("SELECT table_name FROM information_schema.tables WHERE {} AND table_type IN "
                  "('BASE TABLE', 'SYSTEM VERSIONED') AND engine <> 'InnoDB' ORDER BY table_name",
                  is_named("table_schema", schema)));
  if (rows.rows() == 0) return;
  std::vector<std::string> names;
  for (std::size_t row = 0; row < rows.rows(); ++row) names.push_back(rows.str(row, 0));
  findings.push_back(
      {Severity::warning,
       Error(ErrorKind::engine, "tables that are not InnoDB's: " + join(names, ", "))
           .cause("nothing proves that they did not change, so every switch keeps the schema anew")
           .hint(fmt::format("ALTER TABLE {}.{} ENGINE = InnoDB;", quote_identifier(schema),
                             quote_identifier(names.front())))});
}

std::vector<std::string> foreign_definers(Connection& connection, const std::string& schema) {
  const Result rows = connection.query(fmt::format(
      "SELECT DISTINCT definer FROM (SELECT definer FROM information_schema.views WHERE {} "
      "UNION SELECT definer FROM information_schema.triggers WHERE {} "
      "UNION SELECT definer FROM information_schema.routines WHERE {} "
      "UNION SELECT definer FROM information_schema.events WHERE {}) d "
      "WHERE definer <> CURRENT_USER() ORDER BY definer",
      is_named("table_schema", schema), is_named("trigger_schema", schema),
      is_named("routine_schema", schema), is_named("event_schema", schema)));
  std::vector<std::string> definers;
  for (std::size_t row = 0; row < rows.rows(); ++row) definers.push_back(rows.str(row, 0));
  return definers;
}

void find_foreign_definers(Connection& connection, const Server& server,
                           std::vector<Finding>& findings) {
  const DefinerPolicy policy = server.context().definers;
  const bool drops = may_touch_system_users(connection);
  const bool sets = may_set_definer(connection);
  if (policy == DefinerPolicy::rewrite ? drops : sets && drops) return;
  const auto definers = foreign_definers(connection, server.live());
  if (definers.empty()) return;
  const std::string user = grantee(connection);
  Error error(ErrorKind::engine, "views, triggers or routines run as " + definers.front());
  if (policy == DefinerPolicy::keep) {
    error.cause("`definers: keep` refuses every switch and restore that would make them anew");
  } else if (policy == DefinerPolicy::automatic && !sets) {
    error.cause("made anew, by a restore or a switch, they run as " + user);
  }
  if (!drops) error.cause("a switch that would have to drop them is refused");
  findings.push_back({policy == DefinerPolicy::keep ? Severity::error : Severity::warning,
                      error.hint(fmt::format("as an administrator: GRANT {} ON *.* TO {};",
                                             definer_privileges(connection), user))});
}

void find_unmakeable(Connection& connection, const std::string& schema,
                     std::vector<Finding>& findings) try {
  SchemaObjects objects = read_triggers(connection, schema);
  const SchemaObjects others = read_objects(connection, schema);
  objects.insert(objects.end(), others.begin(), others.end());
  if (auto obstacle = binary_log_obstacle(connection, objects)) {
    findings.push_back({Severity::error, *std::move(obstacle)});
  }
} catch (const Error& error) {
  if (connection.lost()) throw;
  findings.push_back({Severity::error, error});
}

void find_lost_history(Connection& connection, const std::string& schema,
                       std::vector<Finding>& findings) {
  const auto names = tables_without_times(connection, schema);
  if (names.empty()) return;
  findings.push_back(
      {Severity::warning,
       Error(ErrorKind::engine,
             "snapshots keep no history that counts by transactions: " + join(names, ", "))
           .cause("it is in the schema itself, and lasts as long as a branch keeps that")
           .hint("let it count by time: ROW START and ROW END columns of the type TIMESTAMP(6)")});
}

void find_unmakeable_history(Connection& connection, const std::string& schema,
                             std::vector<Finding>& findings) try {
  check_takes_history(connection, read_tables(connection, schema));
} catch (const Error& error) {
  if (error.kind() != ErrorKind::unsupported) throw;
  findings.push_back({Severity::warning, error});
}

void find_odd_keys(Connection& connection, const std::string& schema,
                   std::vector<Finding>& findings) {
  const auto why = key_obstacle(connection, schema);
  if (!why) return;
  Error error(ErrorKind::engine, "switches copy the rows of schema " + schema);
  for (const std::string& cause : why->causes()) error.cause(cause);
  for (const std::string& hint : why->hints()) error.hint(hint);
  findings.push_back({Severity::note, error});
}

void find_slow_loading(Connection& connection, std::vector<Finding>& findings) {
  if (connection.query("SELECT @@GLOBAL.local_infile").str(0, 0) == "1") return;
  findings.push_back(
      {Severity::note, Error(ErrorKind::engine, "the server has local_infile turned off")
                           .cause("restores that are not ready insert row by row, which is slower")
                           .hint("as an administrator: SET GLOBAL local_infile = ON;")});
}

void find_hidden_sessions(Connection& connection, std::vector<Finding>& findings) {
  if (has_privilege(connection, "PROCESS")) return;
  Error error(ErrorKind::engine, "other users' connections cannot be seen");
  error.cause("one that is in the way of a switch cannot be named, nor closed");
  if (!connection.is_mariadb()) {
    error.cause("nor can it be proven that the schema did not change: every switch keeps it anew");
  }
  findings.push_back(
      {Severity::note, error.hint(fmt::format("as an administrator: GRANT PROCESS ON *.* TO {};",
                                              grantee(connection)))});
}

void find_single_reading(Connection& connection, std::vector<Finding>& findings) {
  if (may_lock_all(connection)) return;
  const bool blind = !connection.is_mariadb() && !has_privilege(connection, "PROCESS");
  findings.push_back(
      {Severity::note,
       Error(ErrorKind::engine, fmt::format("{}schemas are read by one connection, not by two",
                                            blind ? "" : "while others use the server, "))
           .cause("nothing but a lock of all tables, for a moment, makes two see the same then")
           .hint(fmt::format("as an administrator: GRANT {} ON *.* TO {};",
                             lock_privilege(connection), grantee(connection)))});
}

}  // namespace

std::vector<Finding> examine(const Server& server) {
  Connection connection = server.connect();
  std::vector<Finding> findings;
  find_plain_engines(connection, server.live(), findings);
  find_foreign_definers(connection, server, findings);
  find_single_reading(connection, findings);
  find_unmakeable(connection, server.live(), findings);
  find_lost_history(connection, server.live(), findings);
  find_unmakeable_history(connection, server.live(), findings);
  find_odd_keys(connection, server.live(), findings);
  find_slow_loading(connection, findings);
  find_hidden_sessions(connection, findings);
  return findings;
}

std::optional<std::uint64_t> free_bytes(const Server& server) {
  Connection connection = server.connect();
  const Result row = connection.query("SELECT @@hostname, @@datadir");
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0 || row.str(0, 0) != host.data()) {
    return std::nullopt;
  }
  std::error_code hidden;
  if (!std::filesystem::exists(row.str(0, 1), hidden)) return std::nullopt;
  return free_space(row.str(0, 1));
}

}  // namespace quemsi::mysql_engine
