// RAII over the MySQL C API: what MariaDB's Connector/C and Oracle's libmysqlclient both have.
#pragma once

#include <mysql.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mysql/url.hpp"
#include "util/c_handle.hpp"

namespace quemsi::mysql_engine {

/// What the server knows a connection of ours as, where it keeps such attributes.
inline constexpr const char* application = "git-quemsi";

/// Error codes of the server that somebody acts on.
namespace code {
inline constexpr unsigned schema_exists = 1007;
inline constexpr unsigned storage_engine_number = 1030;
inline constexpr unsigned access_denied_database = 1044;
inline constexpr unsigned access_denied_user = 1045;
inline constexpr unsigned no_schema = 1049;
inline constexpr unsigned no_thread = 1094;
inline constexpr unsigned no_table = 1146;
inline constexpr unsigned lock_timeout = 1205;
inline constexpr unsigned deadlock = 1213;
inline constexpr unsigned access_denied = 1227;
inline constexpr unsigned storage_engine_text = 1296;
inline constexpr unsigned interrupted = 1317;
inline constexpr unsigned definition_changed = 1412;
}  // namespace code

/// Rows of text, copied: independent of the connection.
class Result {
 public:
  using Value = std::optional<std::string>;
  explicit Result(MYSQL_RES* rows);
  Result() = default;

  [[nodiscard]] std::size_t rows() const noexcept { return rows_.size(); }
  /// Empty for NULL.
  [[nodiscard]] const std::string& str(std::size_t row, std::size_t column) const;
  [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const {
    return !rows_.at(row).at(column);
  }
  /// Throws Error(internal) when it is no number; 0 for NULL.
  [[nodiscard]] std::uint64_t number(std::size_t row, std::size_t column) const;
  /// The position of a column by its name; none when there is no such.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<Value>> rows_;
};

/// Fields of one row; a null pointer is NULL. Valid during the call only.
using RowFields = std::span<const std::optional<std::string_view>>;

/// One session, in no schema; used from one thread. Errors are Error(engine) with the SQLSTATE;
/// Error(busy) for what others hold, Error(io) for a full disk.
class Connection {
 public:
  /// Every setting that changes what text means is pinned, every time limit is off.
  static Connection open(const ConnectInfo& info);

  void execute(const std::string& sql);
  Result query(const std::string& sql);
  /// The only field of the answer, which stays what it is as long as the session: asked once.
  const std::string& constant(const std::string& sql);
  /// Rows as they arrive. What `row` throws ends the statement.
  void stream(const std::string& sql, const std::function<void(RowFields)>& row);
  /// LOAD DATA LOCAL: `read` fills a buffer and returns how much; 0 at the end. The name of the
  /// file that the server asks for is ignored. Throws what `read` threw.
  void load(const std::string& sql, const std::function<std::size_t(std::span<char>)>& read);

  // A statement without rows that is watched while it runs: start, ready_within until true,
  // collect.
  void start(const std::string& sql);
  bool ready_within(std::chrono::milliseconds limit);
  void collect();

  /// Of the last statement.
  [[nodiscard]] std::uint64_t affected() const { return mysql_affected_rows(handle()); }
  [[nodiscard]] unsigned warnings() const { return mysql_warning_count(handle()); }
  /// Of the last statement that failed.
  [[nodiscard]] unsigned error_code() const noexcept { return error_code_; }
  [[nodiscard]] bool lost() const noexcept { return lost_; }
  /// Asks the server.
  [[nodiscard]] bool answers() noexcept { return mysql_ping(handle()) == 0; }
  /// Who is lent it expects it in no schema.
  [[nodiscard]] bool may_be_lent() const noexcept { return connection_ && !lost_ && !entered_; }
  /// USE, which the server does not take back.
  void enter(const std::string& schema);

  [[nodiscard]] std::uint64_t id() const { return mysql_thread_id(handle()); }
  /// 101119 for 10.11.19.
  [[nodiscard]] unsigned long version() const { return mysql_get_server_version(handle()); }
  [[nodiscard]] bool is_mariadb() const;
  /// "MariaDB 10.11.19"
  [[nodiscard]] std::string version_text() const;
  /// As the client library is called: text is bytes, nothing is converted.
  void set_results(const char* charset);

 private:
  struct Loading;
  explicit Connection(CHandle<MYSQL, mysql_close> connection)
      : connection_(std::move(connection)) {}
  [[nodiscard]] MYSQL* handle() const noexcept { return connection_.get(); }
  void pin_settings();
  void run(const std::string& sql);
  [[noreturn]] void fail();

  CHandle<MYSQL, mysql_close> connection_;
  unsigned error_code_ = 0;
  bool lost_ = false;
  bool entered_ = false;
  std::map<std::string, std::string> constants_;
};

/// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection, const std::string& begin = "START TRANSACTION");
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

std::string quote_identifier(std::string_view name);
/// Of any text, unless NO_BACKSLASH_ESCAPES is set, which our sessions never have.
std::string quote_literal(std::string_view text);
/// `schema`.`name`
std::string qualified(std::string_view schema, std::string_view name);

/// How long the session's statements wait for tables; the server counts whole seconds.
void set_lock_timeout(Connection& connection, std::chrono::milliseconds limit);

}  // namespace quemsi::mysql_engine
