#include "engine/mysql/connection.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "engine/mysql/connect_error.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

using Rows = CHandle<MYSQL_RES, mysql_free_result>;

ErrorKind kind_of(unsigned error) {
  static constexpr std::array<unsigned, 6> busy{
      code::lock_timeout, code::deadlock, code::interrupted, 1040, 1203, 1226};
  static constexpr std::array<unsigned, 4> io{1021, 1026, 1114, 3};
  if (std::ranges::find(busy, error) != busy.end()) return ErrorKind::busy;
  if (std::ranges::find(io, error) != io.end()) return ErrorKind::io;
  return ErrorKind::engine;
}

/// By an administrator, by the server's end, or by the network.
bool means_lost(unsigned error) {
  static constexpr std::array<unsigned, 6> lost{1053, 1152, 1927, 2006, 2013, 2055};
  return std::ranges::find(lost, error) != lost.end();
}

constexpr const char* pinned_everywhere =
    "SET NAMES utf8mb4, SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', SESSION time_zone = '+00:00', "
    "SESSION autocommit = 1, SESSION foreign_key_checks = 1, SESSION unique_checks = 1, "
    "SESSION sql_quote_show_create = 1, SESSION sql_select_limit = 18446744073709551615, "
    "SESSION wait_timeout = 604800, SESSION net_read_timeout = 7200, "
    "SESSION net_write_timeout = 7200, SESSION sql_auto_is_null = 0, "
    "SESSION sql_safe_updates = 0, ";

constexpr const char* pinned_on_mariadb =
    "SESSION tx_isolation = 'REPEATABLE-READ', "
    "SESSION max_statement_time = 0, SESSION idle_transaction_timeout = 0, "
    "SESSION idle_readonly_transaction_timeout = 0, SESSION idle_write_transaction_timeout = 0";

constexpr const char* pinned_on_mysql =
    "SESSION transaction_isolation = 'REPEATABLE-READ', SESSION max_execution_time = 0, "
    // What is kept of it is a write of its own, and old.
    "SESSION information_schema_stats_expiry = 0";

constexpr const char* pinned_before_mysql_8 =
    "SESSION tx_isolation = 'REPEATABLE-READ', SESSION max_execution_time = 0";

constexpr const char* pinned_before_mysql_5_7 = "SESSION tx_isolation = 'REPEATABLE-READ'";

const char* pinned_on(const Connection& connection) {
  constexpr unsigned long first_with_max_execution_time = 50708;
  constexpr unsigned long first_without_tx_isolation = 80000;
  if (connection.is_mariadb()) return pinned_on_mariadb;
  if (connection.version() < first_with_max_execution_time) return pinned_before_mysql_5_7;
  return connection.version() < first_without_tx_isolation ? pinned_before_mysql_8
                                                           : pinned_on_mysql;
}

}  // namespace

Result::Result(MYSQL_RES* rows) {
  const unsigned columns = mysql_num_fields(rows);
  const MYSQL_FIELD* fields = mysql_fetch_fields(rows);
  for (unsigned i = 0; i < columns; ++i) names_.emplace_back(fields[i].name);
  while (MYSQL_ROW row = mysql_fetch_row(rows)) {
    const unsigned long* lengths = mysql_fetch_lengths(rows);
    std::vector<Value> values;
    for (unsigned i = 0; i < columns; ++i) {
      values.push_back(row[i] == nullptr ? Value() : Value(std::string(row[i], lengths[i])));
    }
    rows_.push_back(std::move(values));
  }
}

const std::string& Result::str(std::size_t row, std::size_t column) const {
  static const std::string none;
  const Value& value = rows_.at(row).at(column);
  return value ? *value : none;
}

std::uint64_t Result::number(std::size_t row, std::size_t column) const {
  if (is_null(row, column)) return 0;
  const std::string& digits = str(row, column);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc() && end == digits.data() + digits.size()) return value;
  throw Error(ErrorKind::internal, fmt::format("'{}' is no number", digits));
}

std::optional<std::size_t> Result::column(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

void Connection::pin_settings() { execute(std::string(pinned_everywhere) + pinned_on(*this)); }

bool Connection::is_mariadb() const {
  return std::string_view(mysql_get_server_info(handle())).find("MariaDB") !=
         std::string_view::npos;
}

std::string Connection::version_text() const {
  const unsigned long number = version();
  return fmt::format("{} {}.{}.{}", is_mariadb() ? "MariaDB" : "MySQL", number / 10000,
                     number / 100 % 100, number % 100);
}

void Connection::set_results(const char* charset) {
  execute(fmt::format("SET SESSION character_set_results = {}", charset));
}

void Connection::fail() {
  error_code_ = mysql_errno(handle());
  const std::string state = mysql_sqlstate(handle());
  const std::string text = mysql_error(handle());
  if (means_lost(error_code_)) {
    lost_ = true;
    throw Error(ErrorKind::engine, "the connection to the MySQL server was lost")
        .cause(text)
        .sqlstate(state);
  }
  const ErrorKind kind = kind_of(error_code_);
  Error error(kind, "MySQL: " + text);
  if (kind == ErrorKind::io) error.hint("free some space on the server, then try again");
  // InnoDB's word for a full disk, too.
  if (error_code_ == code::storage_engine_number || error_code_ == code::storage_engine_text) {
    error.hint("the server's log says more; see that its disk is not full, then try again");
  }
  error.sqlstate(state);
  throw error;
}

void Connection::run(const std::string& sql) {
  if (mysql_real_query(handle(), sql.data(), sql.size()) != 0) fail();
}

void Connection::execute(const std::string& sql) { static_cast<void>(query(sql)); }

Result Connection::query(const std::string& sql) {
  run(sql);
  const Rows rows(mysql_store_result(handle()));
  if (rows) return Result(rows.get());
  if (mysql_field_count(handle()) != 0) fail();
  return {};
}

const std::string& Connection::constant(const std::string& sql) {
  const auto known = constants_.find(sql);
  if (known != constants_.end()) return known->second;
  return constants_.emplace(sql, query(sql).str(0, 0)).first->second;
}

void Connection::enter(const std::string& schema) {
  entered_ = true;
  execute("USE " + quote_identifier(schema));
}

void Connection::stream(const std::string& sql, const std::function<void(RowFields)>& row) {
  run(sql);
  const Rows rows(mysql_use_result(handle()));
  if (!rows) fail();
  std::vector<std::optional<std::string_view>> fields(mysql_num_fields(rows.get()));
  while (MYSQL_ROW values = mysql_fetch_row(rows.get())) {
    const unsigned long* lengths = mysql_fetch_lengths(rows.get());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      fields[i].reset();
      if (values[i] != nullptr) fields[i] = std::string_view(values[i], lengths[i]);
    }
    row(fields);
  }
  if (mysql_errno(handle()) != 0) fail();
}

void Connection::start(const std::string& sql) {
  if (mysql_send_query(handle(), sql.data(), sql.size()) != 0) fail();
}

bool Connection::ready_within(std::chrono::milliseconds limit) {
  pollfd waited{.fd = handle()->net.fd, .events = POLLIN, .revents = 0};
  const int ready = poll(&waited, 1, static_cast<int>(limit.count()));
  if (ready < 0 && errno != EINTR) {
    throw Error(ErrorKind::io, "cannot wait for the MySQL server");
  }
  return ready > 0;
}

void Connection::collect() {
  if (mysql_read_query_result(handle()) != 0) fail();
}

Transaction::Transaction(Connection& connection, const std::string& begin)
    : connection_(connection) {
  connection_.execute(begin);
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    connection_.execute("ROLLBACK");
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the session's end rolls back as well
  }
}

void Transaction::commit() {
  open_ = false;
  connection_.execute("COMMIT");
}

std::string quote_identifier(std::string_view name) {
  std::string quoted = "`";
  for (const char c : name) {
    if (c == '`') quoted += '`';
    quoted += c;
  }
  return quoted + "`";
}

std::string quote_literal(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    if (c == '\0') {
      quoted += "\\0";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string qualified(std::string_view schema, std::string_view name) {
  return quote_identifier(schema) + "." + quote_identifier(name);
}

void set_lock_timeout(Connection& connection, std::chrono::milliseconds limit) {
  const auto seconds =
      std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(limit).count());
  connection.execute(fmt::format("SET SESSION lock_wait_timeout = {}", seconds));
}

}  // namespace quemsi::mysql_engine
