// RAII over libpq.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/postgresql/url.hpp"
#include "util/c_handle.hpp"

namespace quemsi::postgresql_engine {

/// What pg_stat_activity calls a connection of ours.
inline constexpr std::string_view application = "git-quemsi";
/// ... that reads a state for longer. Nobody of us ends such a connection.
inline constexpr std::string_view reader_application = "git-quemsi pin";

/// SQLSTATEs that somebody acts on.
namespace sqlstate {
inline constexpr std::string_view no_database = "3D000";
inline constexpr std::string_view duplicate_database = "42P04";
inline constexpr std::string_view duplicate_key = "23505";
inline constexpr std::string_view no_privilege = "42501";
inline constexpr std::string_view no_password = "28P01";
inline constexpr std::string_view in_use = "55006";
inline constexpr std::string_view lock_timeout = "55P03";
inline constexpr std::string_view cancelled = "57014";
inline constexpr std::string_view undefined_table = "42P01";
inline constexpr std::string_view division_by_zero = "22012";
}  // namespace sqlstate

/// Rows of text; what is not a row has none.
class Result {
 public:
  explicit Result(PGresult* owned) : result_(owned) {}

  [[nodiscard]] int rows() const noexcept { return PQntuples(result_.get()); }
  [[nodiscard]] int columns() const noexcept { return PQnfields(result_.get()); }
  /// Empty for NULL; lives as long as the result.
  [[nodiscard]] std::string_view text(int row, int column) const noexcept;
  [[nodiscard]] std::string str(int row, int column) const {
    return std::string(text(row, column));
  }
  [[nodiscard]] bool is_null(int row, int column) const noexcept;
  /// Throws Error(internal) when it is no number.
  [[nodiscard]] std::int64_t int64(int row, int column) const;
  [[nodiscard]] bool boolean(int row, int column) const noexcept {
    return text(row, column) == "t";
  }
  /// Rows that an INSERT, COPY and so on touched.
  [[nodiscard]] std::uint64_t affected() const;
  [[nodiscard]] const PGresult* get() const noexcept { return result_.get(); }

 private:
  CHandle<PGresult, PQclear> result_;
};

using SqlValue = std::optional<std::string>;

inline SqlValue sql_value(std::nullopt_t) { return std::nullopt; }
inline SqlValue sql_value(std::string_view text) { return std::string(text); }
template <std::integral Number>
SqlValue sql_value(Number number) {
  return std::to_string(number);
}
template <class T>
SqlValue sql_value(const std::optional<T>& value) {
  return value ? sql_value(*value) : std::nullopt;
}

/// One session; used from one thread. Errors are Error(engine) with the SQLSTATE; Error(busy) for
/// what others hold or a time limit of ours ended, Error(io) for a full disk.
class Connection {
 public:
  /// Every setting that changes what text means is pinned, every time limit is off; answers are
  /// UTF-8. Throws Error(busy) when `limit` passes before the server lets us in.
  static Connection open(const ConnectInfo& info, std::string_view application_name = application,
                         std::optional<std::chrono::milliseconds> limit = std::nullopt);

  /// One or more statements, in one transaction unless they say otherwise.
  void execute(const std::string& sql);
  template <class... Values>
  Result query(const std::string& sql, const Values&... values) {
    return query_values(sql, {sql_value(values)...});
  }

  // A statement that is watched while it runs: start, ready_within until true, collect.
  void start(const std::string& sql);
  /// True once all of the answer is here.
  bool ready_within(std::chrono::milliseconds limit);
  /// Waits for the answer: of the last statement that had rows, if any had. Throws what any of the
  /// statements threw.
  Result collect();
  /// Asks the server to end what runs; from any thread.
  void cancel() const noexcept;

  /// COPY ... TO STDOUT: each row as the server sent it, valid during the call only. What `row`
  /// throws ends the COPY.
  void copy_out(const std::string& sql, const std::function<void(std::span<const char>)>& row);

  /// 150018 for 15.18.
  [[nodiscard]] int version() const noexcept { return PQserverVersion(handle()); }
  [[nodiscard]] int major() const noexcept { return version() / 10000; }
  /// The server process that serves us.
  [[nodiscard]] int backend_pid() const noexcept { return PQbackendPID(handle()); }
  [[nodiscard]] bool in_transaction() const noexcept {
    return PQtransactionStatus(handle()) != PQTRANS_IDLE;
  }
  /// Asks the server.
  [[nodiscard]] bool answers() noexcept;
  /// As far as we know.
  [[nodiscard]] bool alive() const noexcept { return PQstatus(handle()) == CONNECTION_OK; }
  /// In any other database than this one it might be in somebody's way.
  [[nodiscard]] bool may_be_lent() const noexcept {
    return alive() && !in_transaction() && std::string_view(PQdb(handle())) == "postgres";
  }
  [[nodiscard]] std::string database() const { return PQdb(handle()); }
  /// Wherever it was found; empty when there was none.
  [[nodiscard]] std::string password() const { return PQpass(handle()); }
  [[nodiscard]] PGconn* handle() const noexcept { return connection_.get(); }
  /// Throws what the server said.
  [[noreturn]] void fail(const PGresult* result) const;

 private:
  explicit Connection(CHandle<PGconn, PQfinish> connection) : connection_(std::move(connection)) {}
  Result query_values(const std::string& sql, const std::vector<SqlValue>& values);
  void pin_settings();
  /// Reads what is left of a statement's answers.
  void drain() noexcept;

  CHandle<PGconn, PQfinish> connection_;
};

/// COPY ... FROM STDIN. Taken back unless finished.
class CopyIn {
 public:
  CopyIn(Connection& connection, const std::string& sql);
  ~CopyIn();
  CopyIn(const CopyIn&) = delete;
  CopyIn& operator=(const CopyIn&) = delete;

  /// Any part of the stream; rows may be cut anywhere.
  void put(std::span<const char> bytes);
  /// The number of rows that arrived.
  std::uint64_t finish();

 private:
  Connection& connection_;
  bool open_ = true;
};

/// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection, const std::string& begin = "BEGIN");
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();
  /// Returns once all is as it was; throws when that cannot be told.
  void rollback();

 private:
  Connection& connection_;
  bool open_ = true;
};

/// A transaction of its own, or a part of the one that is open already.
class NestedTransaction {
 public:
  explicit NestedTransaction(Connection& connection) {
    if (!connection.in_transaction()) own_.emplace(connection);
  }
  void commit() {
    if (own_) own_->commit();
  }

 private:
  std::optional<Transaction> own_;
};

std::string quote_identifier(std::string_view name);
/// Of any text without NUL, whatever standard_conforming_strings says.
std::string quote_literal(std::string_view text);

}  // namespace quemsi::postgresql_engine
