// What the catalogue's files share: the connection and the open transaction.
#pragma once

#include <map>
#include <string>

#include "quemsi/catalogue.hpp"
#include "sqlite/connection.hpp"

namespace quemsi {

class CatalogueImpl {
 public:
  explicit CatalogueImpl(const std::filesystem::path& file);

  [[nodiscard]] sqlite::Connection& connection() noexcept { return connection_; }
  /// A statement that is prepared once and lent for one use; it must not be used
  /// again before the first use is over.
  sqlite::Statement& statement(std::string_view sql);
  /// Joins the transaction that is open, or makes one of its own.
  void change(const std::function<void()>& work);

 private:
  sqlite::Connection connection_;
  std::map<std::string, sqlite::Statement, std::less<>> statements_;
};

/// Throws Error(corrupt) for a name that this release does not know.
[[noreturn]] void throw_unknown(std::string_view what, std::string_view text);

template <class IdType>
std::optional<std::string> text_of(const std::optional<IdType>& id) {
  if (!id) return std::nullopt;
  return id->str();
}

template <class IdType>
std::optional<IdType> optional_id(const sqlite::Statement& row, int column) {
  if (row.column_is_null(column)) return std::nullopt;
  return IdType(row.column_text(column));
}

inline std::int64_t to_number(Timestamp time) { return time.time_since_epoch().count(); }
inline Timestamp to_time(std::int64_t number) {
  return Timestamp{std::chrono::milliseconds(number)};
}

/// Throws Error(corrupt) when the column is not a chunk's id.
ChunkId chunk_id(const sqlite::Statement& row, int column);

}  // namespace quemsi
