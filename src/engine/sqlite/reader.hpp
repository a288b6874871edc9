// A read transaction on a database file: what it sees stays as it is while
// applications go on.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "engine/sqlite/token.hpp"
#include "quemsi/engine.hpp"
#include "sqlite/connection.hpp"

namespace quemsi::sqlite_engine {

class Reader {
 public:
  Reader(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout);

  sqlite::Connection& connection() noexcept { return connection_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool wal() const noexcept { return wal_; }
  /// Proof for what this transaction sees.
  std::optional<Token> token();
  /// Copies what it sees to a new file, and syncs it. False, and nothing made,
  /// when that would exceed `limit`.
  bool copy_to(const std::filesystem::path& target, CopyLimit limit, Progress& progress);

 private:
  void begin();
  bool copy_raw(const std::filesystem::path& target, CopyLimit limit, Progress& progress);
  void copy_pages(const std::filesystem::path& target, Progress& progress);

  sqlite::Connection connection_;
  std::optional<sqlite::Transaction> transaction_;
  bool wal_ = false;
  bool main_file_is_all_ = false;
  std::uint64_t bytes_ = 0;
  std::optional<FileState> state_;
};

}  // namespace quemsi::sqlite_engine
