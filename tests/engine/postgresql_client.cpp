#include "engine/postgresql_client.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace quemsi::test {
namespace {

void ignore_notice(void* /*unused*/, const char* /*message*/) {}

std::string rows_of(const PGresult* result) {
  std::string text;
  for (int row = 0; row < PQntuples(result); ++row) {
    for (int column = 0; column < PQnfields(result); ++column) {
      text += (column == 0 ? "" : "|") + std::string(PQgetvalue(result, row, column));
    }
    text += "\n";
  }
  return text;
}

/// By an administrator: a statement outside a transaction was not carried out, and applications
/// that pool connections send it again. The administrator's word is lost when the server ends
/// with the statement still unread: the kernel then resets the connection.
bool was_closed(PGconn* connection, const PGresult* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (state != nullptr) return std::string_view(state) == "57P01";
  return PQstatus(connection) == CONNECTION_BAD;
}

}  // namespace

PostgresApplication::PostgresApplication(std::string url, std::string name)
    : url_(std::move(url)), name_(std::move(name)) {
  connect();
}

void PostgresApplication::connect() {
  const std::array<const char*, 3> keys{"dbname", "application_name", nullptr};
  const std::array<const char*, 3> values{url_.c_str(), name_.c_str(), nullptr};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  for (;;) {
    // A database that is being swapped has no name for a moment.
    connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
    if (PQstatus(connection_.get()) == CONNECTION_OK) break;
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error(PQerrorMessage(connection_.get()));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  PQsetNoticeProcessor(connection_.get(), ignore_notice, nullptr);
}

bool PostgresApplication::connected() {
  pollfd readable{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
  while (PQstatus(connection_.get()) == CONNECTION_OK && poll(&readable, 1, 0) > 0) {
    if (PQconsumeInput(connection_.get()) != 1) return false;
  }
  return PQstatus(connection_.get()) == CONNECTION_OK;
}

bool PostgresApplication::gets_closed() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (connected()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

std::string PostgresApplication::run(const std::string& sql) {
  if (!connected()) connect();
  const bool idle = PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
  Result result = send(sql);
  if (idle && was_closed(connection_.get(), result.get())) {
    connect();
    result = send(sql);
  }
  return text_of(result);
}

std::string PostgresApplication::run_once(const std::string& sql) { return text_of(send(sql)); }

PostgresApplication::Result PostgresApplication::send(const std::string& sql) {
  return Result(PQexec(connection_.get(), sql.c_str()));
}

std::string PostgresApplication::text_of(const Result& result) {
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK) return "";
  if (status == PGRES_TUPLES_OK) return rows_of(result.get());
  return std::string("ERROR: ") + PQerrorMessage(connection_.get());
}

void PostgresApplication::kill() {
  if (connection_) shutdown(PQsocket(connection_.get()), SHUT_RDWR);
  connection_.reset();
}

std::string PostgresApplication::pid() const {
  return std::to_string(PQbackendPID(connection_.get()));
}

std::string PostgresApplication::process_name() const { return name_ + " (pid " + pid() + ")"; }

}  // namespace quemsi::test
