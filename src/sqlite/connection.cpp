#include "sqlite/connection.hpp"

#include <fmt/core.h>

#include <utility>

#include "quemsi/error.hpp"

namespace quemsi::sqlite {
namespace {

ErrorKind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorKind::corrupt;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return ErrorKind::io;
    case SQLITE_INTERRUPT:
      return ErrorKind::cancelled;
    default:
      return ErrorKind::engine;
  }
}

int open_flags(Open mode) {
  constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case Open::read_only:
      return common | SQLITE_OPEN_READONLY;
    case Open::read_write:
      return common | SQLITE_OPEN_READWRITE;
    case Open::create:
      return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return common | SQLITE_OPEN_READONLY;
}

const char* begin_statement(Begin begin) {
  switch (begin) {
    case Begin::deferred:
      return "BEGIN DEFERRED";
    case Begin::immediate:
      return "BEGIN IMMEDIATE";
    case Begin::exclusive:
      return "BEGIN EXCLUSIVE";
  }
  return "BEGIN";
}

}  // namespace

Connection::Connection(const std::filesystem::path& file, Open mode,
                       std::chrono::milliseconds busy_timeout)
    : file_(file) {
  const int code = sqlite3_open_v2(file.c_str(), Out(db_), open_flags(mode), nullptr);
  check(code, "open");
  check(sqlite3_busy_timeout(handle(), static_cast<int>(busy_timeout.count())), "set the timeout");
}

void Connection::fail(int code, std::string_view doing) const {
  const char* text = db_ ? sqlite3_errmsg(handle()) : sqlite3_errstr(code);
  Error error(kind_of(code), fmt::format("cannot {} {}: {}", doing, file_.string(), text));
  if ((code & 0xff) == SQLITE_FULL) error.hint("free some space, then try again: nothing was lost");
  throw error;
}

void Connection::check(int code, std::string_view doing) const {
  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) fail(code, doing);
}

void Connection::execute(const std::string& sql) {
  check(sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr), "change");
}

Statement Connection::prepare(std::string_view sql) { return {*this, sql}; }

std::int64_t Connection::query_int(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.column_int(0) : 0;
}

std::string Connection::query_text(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.column_text(0) : std::string();
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(&connection) {
  const int code = sqlite3_prepare_v2(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                                      Out(statement_), nullptr);
  connection.check(code, "read");
}

Statement& Statement::bind(std::int64_t value) {
  connection_->check(sqlite3_bind_int64(statement_.get(), next_parameter_++, value), "bind");
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  const int code = sqlite3_bind_text64(statement_.get(), next_parameter_++, text.data(),
                                       text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  connection_->check(code, "bind");
  return *this;
}

Statement& Statement::bind(std::span<const std::byte> blob) {
  // A null pointer would bind NULL, not an empty blob.
  const void* data = blob.empty() ? static_cast<const void*>("") : blob.data();
  const int code =
      sqlite3_bind_blob64(statement_.get(), next_parameter_++, data, blob.size(), SQLITE_TRANSIENT);
  connection_->check(code, "bind");
  return *this;
}

Statement& Statement::bind(std::nullopt_t /*null*/) {
  connection_->check(sqlite3_bind_null(statement_.get(), next_parameter_++), "bind");
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  connection_->check(code, "read");
  return code == SQLITE_ROW;
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  next_parameter_ = 1;
}

std::int64_t Statement::column_int(int index) const {
  return sqlite3_column_int64(statement_.get(), index);
}

std::string Statement::column_text(int index) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), index));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), index));
  return text == nullptr ? std::string() : std::string(text, size);
}

std::span<const std::byte> Statement::column_blob(int index) const {
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), index));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), index));
  return {data, data == nullptr ? 0 : size};
}

bool Statement::column_is_null(int index) const {
  return sqlite3_column_type(statement_.get(), index) == SQLITE_NULL;
}

Transaction::Transaction(Connection& connection, Begin begin) : connection_(connection) {
  connection_.execute(begin_statement(begin));
}

Transaction::~Transaction() {
  // SQLite may have rolled back by itself (disk full); then there is nothing to do.
  if (open_ && sqlite3_get_autocommit(connection_.handle()) == 0) {
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  connection_.execute("COMMIT");
  open_ = false;
}

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace quemsi::sqlite
