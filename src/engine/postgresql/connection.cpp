#include "engine/postgresql/connection.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "engine/postgresql/connect_error.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr std::string_view internal_error = "XX000";

using Clock = std::chrono::steady_clock;
using Deadline = std::optional<Clock::time_point>;

void ignore_notice(void* /*unused*/, const char* /*message*/) {}

ErrorKind kind_of(std::string_view state) {
  static constexpr std::array<std::string_view, 7> busy{"55P03", "55006", "57014", "40P01",
                                                        "40001", "53300", "57P03"};
  static constexpr std::array<std::string_view, 2> io{"53100", "58030"};
  if (std::ranges::find(busy, state) != busy.end()) return ErrorKind::busy;
  if (std::ranges::find(io, state) != io.end()) return ErrorKind::io;
  return ErrorKind::engine;
}

std::string field_of(const PGresult* result, char field) {
  const auto code = static_cast<unsigned char>(field);
  const char* text = result == nullptr ? nullptr : PQresultErrorField(result, code);
  return text == nullptr ? std::string() : text;
}

/// Milliseconds until the deadline for poll(2); -1 is for ever.
int remaining(const Deadline& deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

/// False when the deadline passed before.
bool wait_for(int socket, short events, const Deadline& deadline) {
  pollfd waited{.fd = socket, .events = events, .revents = 0};
  for (;;) {
    const int ready = poll(&waited, 1, remaining(deadline));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) throw Error(ErrorKind::io, "cannot wait for the PostgreSQL server");
  }
}

Deadline deadline_of(const ConnectInfo& info, std::optional<std::chrono::milliseconds> limit) {
  const auto given = info.given().find("connect_timeout");
  int seconds = 0;
  if (given != info.given().end()) {
    const std::string& text = given->second;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
  }
  if (!limit && seconds > 0) limit = std::chrono::seconds(seconds);
  return limit ? Deadline(Clock::now() + *limit) : std::nullopt;
}

CHandle<PGconn, PQfinish> start_connecting(const ConnectInfo& info,
                                           std::string_view application_name) {
  std::map<std::string, std::string> parameters = info.given();
  parameters["application_name"] = application_name;
  parameters["client_encoding"] = "UTF8";
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : parameters) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  CHandle<PGconn, PQfinish> connection(PQconnectStartParams(keys.data(), values.data(), 0));
  if (!connection) throw std::bad_alloc();
  PQsetNoticeProcessor(connection.get(), ignore_notice, nullptr);
  // The only way to learn the SQLSTATE of a refusal, whatever the server's language.
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  return connection;
}

void finish_connecting(PGconn* connection, const ConnectInfo& info, const Deadline& deadline) {
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  if (PQstatus(connection) == CONNECTION_BAD) status = PGRES_POLLING_FAILED;
  while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
    const short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!wait_for(PQsocket(connection), events, deadline)) throw connect_timeout(info);
    status = PQconnectPoll(connection);
  }
  if (status != PGRES_POLLING_OK) throw connect_error(info, connection);
  PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
}

/// What pg_dump pins, and every limit that a role or a database may have been given.
std::string pinned_settings(int version) {
  std::string sql =
      "SET search_path = ''; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
      "SET TimeZone = 'UTC'; SET extra_float_digits = 3; SET bytea_output = 'hex';"
      "SET lc_monetary = 'C'; SET array_nulls = on; SET xmloption = 'content'; SET row_security = "
      "off; SET statement_timeout = 0;"
      "SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
      "SET synchronize_seqscans = off; SET standard_conforming_strings = on;"
      "SET default_transaction_read_only = off; SET default_transaction_deferrable = off;"
      "SET default_transaction_isolation = 'read committed'; SET synchronous_commit = on;"
      "SET jit = off;";
  if (version >= 140000) sql += "SET idle_session_timeout = 0;";
  if (version >= 170000) sql += "SET transaction_timeout = 0;";
  return sql;
}

}  // namespace

std::string_view Result::text(int row, int column) const noexcept {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

bool Result::is_null(int row, int column) const noexcept {
  return PQgetisnull(result_.get(), row, column) != 0;
}

std::int64_t Result::int64(int row, int column) const {
  const std::string_view digits = text(row, column);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    throw Error(ErrorKind::internal, fmt::format("'{}' is no number", digits));
  }
  return value;
}

std::uint64_t Result::affected() const {
  const std::string_view digits = PQcmdTuples(const_cast<PGresult*>(result_.get()));
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

Connection Connection::open(const ConnectInfo& info, std::string_view application_name,
                            std::optional<std::chrono::milliseconds> limit) {
  const Deadline deadline = deadline_of(info, limit);
  Connection connection(start_connecting(info, application_name));
  finish_connecting(connection.handle(), info, deadline);
  connection.pin_settings();
  return connection;
}

bool Connection::answers() noexcept {
  const CHandle<PGresult, PQclear> result(PQexec(handle(), ""));
  return PQresultStatus(result.get()) == PGRES_EMPTY_QUERY;
}

void Connection::pin_settings() { execute(pinned_settings(version())); }

void Connection::fail(const PGresult* result) const {
  const std::string state = field_of(result, PG_DIAG_SQLSTATE);
  if (state.empty() || !alive()) throw connection_lost(handle(), state);
  Error error(kind_of(state), fmt::format("PostgreSQL, database {}: {}", database(),
                                          field_of(result, PG_DIAG_MESSAGE_PRIMARY)));
  for (const char field : {PG_DIAG_MESSAGE_DETAIL, PG_DIAG_MESSAGE_HINT, PG_DIAG_CONTEXT}) {
    const std::string text = field_of(result, field);
    if (!text.empty()) error.cause(text);
  }
  if (kind_of(state) == ErrorKind::io) error.hint("free some space on the server, then try again");
  // With a full disk, too: cleaning up after itself it may fall over another error.
  if (state == internal_error) {
    error.hint("the server's log says more; see that its disk is not full, then try again");
  }
  error.sqlstate(state);
  throw error;
}

void Connection::execute(const std::string& sql) {
  const Result result(PQexec(handle(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
    return;
  }
  fail(result.get());
}

Result Connection::query_values(const std::string& sql, const std::vector<SqlValue>& values) {
  std::vector<const char*> pointers;
  pointers.reserve(values.size());
  for (const SqlValue& value : values) pointers.push_back(value ? value->c_str() : nullptr);
  Result result(PQexecParams(handle(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                             pointers.data(), nullptr, nullptr, 0));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) fail(result.get());
  return result;
}

void Connection::start(const std::string& sql) {
  if (PQsendQuery(handle(), sql.c_str()) != 1) fail(nullptr);
}

bool Connection::ready_within(std::chrono::milliseconds limit) {
  const Deadline deadline = Clock::now() + limit;
  while (PQisBusy(handle()) != 0) {
    if (!wait_for(PQsocket(handle()), POLLIN, deadline)) return false;
    if (PQconsumeInput(handle()) != 1) return true;
  }
  return true;
}

Result Connection::collect() {
  Result failed(nullptr);
  Result rows(nullptr);
  for (;;) {
    Result result(PQgetResult(handle()));
    if (result.get() == nullptr) break;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_FATAL_ERROR) {
      failed = std::move(result);
    } else if (status == PGRES_TUPLES_OK) {
      rows = std::move(result);
    }
  }
  if (failed.get() != nullptr || !alive()) fail(failed.get());
  return rows;
}

void Connection::cancel() const noexcept {
  const CHandle<PGcancel, PQfreeCancel> cancel(PQgetCancel(handle()));
  std::array<char, 256> message{};
  if (cancel) PQcancel(cancel.get(), message.data(), static_cast<int>(message.size()));
}

Transaction::Transaction(Connection& connection, const std::string& begin)
    : connection_(connection) {
  connection_.execute(begin);
}

Transaction::~Transaction() {
  if (!open_) return;
  const Result result(PQexec(connection_.handle(), "ROLLBACK"));
}

void Transaction::commit() {
  open_ = false;
  const Result result = connection_.query("COMMIT");
  // The COMMIT of a transaction that had failed is a ROLLBACK, and no error.
  if (std::string_view(PQcmdStatus(const_cast<PGresult*>(result.get()))) == "ROLLBACK") {
    throw Error(ErrorKind::internal, "a failed transaction was committed");
  }
}

void Transaction::rollback() {
  open_ = false;
  connection_.execute("ROLLBACK");
}

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string quote_literal(std::string_view text) {
  const bool escaped = text.find('\\') != std::string_view::npos;
  std::string quoted = escaped ? " E'" : "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += c;
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace quemsi::postgresql_engine
