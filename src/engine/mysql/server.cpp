#include "engine/mysql/server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/common/row_hash.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

/// The oldest that anything was tried on.
constexpr unsigned long oldest_mariadb = 100500;
constexpr unsigned long oldest_mysql = 50600;

void check_version(const Connection& connection) {
  const bool mariadb = connection.is_mariadb();
  if (connection.version() >= (mariadb ? oldest_mariadb : oldest_mysql)) return;
  throw Error(ErrorKind::unsupported, connection.version_text() + " is too old")
      .hint("MariaDB 10.5 and MySQL 5.6 are the oldest that work");
}

std::string options_of(const SchemaFacts& facts, bool mariadb) {
  std::string options = fmt::format(" CHARACTER SET {} COLLATE {}", quote_identifier(facts.charset),
                                    quote_identifier(facts.collation));
  if (mariadb) options += " COMMENT " + quote_literal(facts.comment);
  return options;
}

/// MariaDB has comments on schemas since 10.5.
bool has_comment(const Connection& connection) { return connection.is_mariadb(); }

}  // namespace

Server::Server(const DatabaseSpec& spec, EngineContext context)
    : context_(std::move(context)),
      info_(ConnectInfo::parse(spec.url)),
      registry_(context_.state_dir, spec.name),
      once_(registry_.folder()) {
  check_host(info_, context_.allowed_hosts);
  check_live_name(info_.schema());
}

void Server::notice(const std::string& line) const {
  if (context_.notice) context_.notice(line);
}

void Server::tell_once() const {
  for (const char* key : {once::rewritten, once::one_reader, once::routine_grants})
    once_.tell(key, context_.notice);
}

Connection Server::connect() const {
  Connection connection = Connection::open(info_);
  check_version(connection);
  return connection;
}

Loan Server::borrow() const {
  std::optional<Connection> kept = std::exchange(*kept_, std::nullopt);
  return {kept && kept->answers() ? *std::move(kept) : connect(), kept_};
}

bool renames_as_one(const Connection& connection) {
  constexpr unsigned long oldest_mariadb_that_does = 100600;
  constexpr unsigned long oldest_mysql_that_does = 80000;
  return connection.version() >=
         (connection.is_mariadb() ? oldest_mariadb_that_does : oldest_mysql_that_does);
}

std::string server_identity(Connection& connection) {
  const char* uuid = connection.is_mariadb() ? "''" : "@@server_uuid";
  return fmt::format("{:016x}", row_hash(connection.constant(fmt::format(
                                    "SELECT CONCAT_WS('|', @@hostname, @@datadir, {})", uuid))));
}

std::string server_run(Connection& connection) {
  return connection.constant(
      fmt::format("SELECT UNIX_TIMESTAMP() - CAST(variable_value AS SIGNED) FROM {} "
                  "WHERE variable_name = 'Uptime'",
                  status_table(connection, false)));
}

const char* status_table(const Connection& connection, bool session) {
  constexpr unsigned long first_in_performance_schema = 50700;
  if (connection.is_mariadb() || connection.version() < first_in_performance_schema) {
    return session ? "information_schema.session_status" : "information_schema.global_status";
  }
  return session ? "performance_schema.session_status" : "performance_schema.global_status";
}

std::string is_named(const std::string& column, const std::string& name) {
  // The plain comparison is what the server looks up by; it ignores case.
  const std::string literal = quote_literal(name);
  return fmt::format("({0} = {1} AND IF(@@lower_case_table_names = 0, BINARY {0} = {1}, TRUE))",
                     column, literal);
}

std::optional<SchemaFacts> find_schema(Connection& connection, const std::string& name) {
  const Result row = connection.query(fmt::format(
      "SELECT default_character_set_name, default_collation_name, {} "
      "FROM information_schema.schemata WHERE {}",
      has_comment(connection) ? "schema_comment" : "''", is_named("schema_name", name)));
  if (row.rows() == 0) return std::nullopt;
  return SchemaFacts{row.str(0, 0), row.str(0, 1), row.str(0, 2)};
}

void create_schema(Connection& connection, const std::string& name, const SchemaFacts& facts) {
  connection.execute("CREATE DATABASE " + quote_identifier(name) +
                     options_of(facts, has_comment(connection)));
}

void alter_schema(Connection& connection, const std::string& name, const SchemaFacts& facts) {
  if (find_schema(connection, name) == facts) return;
  connection.execute("ALTER DATABASE " + quote_identifier(name) +
                     options_of(facts, has_comment(connection)));
}

std::uint64_t schema_bytes(Connection& connection, const std::string& name) {
  return connection
      .query(fmt::format("SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS UNSIGNED) "
                         "FROM information_schema.tables WHERE {}",
                         is_named("table_schema", name)))
      .number(0, 0);
}

}  // namespace quemsi::mysql_engine
