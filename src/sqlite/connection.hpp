// RAII over the SQLite C API, for the catalogue and for the SQLite engine.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "util/c_handle.hpp"

namespace quemsi::sqlite {

enum class Open { read_only, read_write, create };

class Statement;

/// One connection; used from one thread. Errors: SQLITE_BUSY and SQLITE_LOCKED
/// are Error(busy); SQLITE_CORRUPT and SQLITE_NOTADB Error(corrupt); SQLITE_FULL,
/// IOERR, CANTOPEN, READONLY Error(io); the rest Error(engine). The message names
/// the file.
class Connection {
 public:
  Connection(const std::filesystem::path& file, Open mode, std::chrono::milliseconds busy_timeout);

  [[nodiscard]] sqlite3* handle() const noexcept { return db_.get(); }
  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
  /// One or more statements without results.
  void execute(const std::string& sql);
  Statement prepare(std::string_view sql);
  [[nodiscard]] std::int64_t query_int(std::string_view sql);
  [[nodiscard]] std::string query_text(std::string_view sql);
  /// Throws what `code` means, with sqlite3_errmsg and `doing`.
  [[noreturn]] void fail(int code, std::string_view doing) const;
  void check(int code, std::string_view doing) const;

 private:
  std::filesystem::path file_;
  CHandle<sqlite3, sqlite3_close_v2> db_;
};

/// A prepared statement: bind in order, then step.
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);

  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view text);
  Statement& bind(std::span<const std::byte> blob);
  Statement& bind(std::nullopt_t);
  template <class T>
  Statement& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind(std::nullopt);
  }
  /// True while there is a row.
  bool step();
  /// Steps to the end and makes the statement ready for the next binding.
  void run();
  void reset();

  [[nodiscard]] std::int64_t column_int(int index) const;
  [[nodiscard]] std::string column_text(int index) const;
  [[nodiscard]] std::span<const std::byte> column_blob(int index) const;
  [[nodiscard]] bool column_is_null(int index) const;

 private:
  Connection* connection_;
  CHandle<sqlite3_stmt, sqlite3_finalize> statement_;
  int next_parameter_ = 1;
};

enum class Begin { deferred, immediate, exclusive };

/// Rolls back unless committed. `deferred` takes no lock before the first statement.
class Transaction {
 public:
  Transaction(Connection& connection, Begin begin);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

/// `name` as an SQL identifier, quoted.
std::string quote_identifier(std::string_view name);

}  // namespace quemsi::sqlite
