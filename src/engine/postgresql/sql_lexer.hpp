// SQL as psql reads it, as far as it takes to find where statements end.
#pragma once

#include <optional>
#include <string_view>

namespace quemsi::postgresql_engine {

struct SqlToken {
  enum class Kind {
    space,
    comment,  ///< without the line's end
    word,     ///< a keyword or a plain identifier
    quoted,   ///< a quoted identifier, with its quotes
    string,   ///< of any kind
    symbol,   ///< any other character
  };
  Kind kind;
  std::string_view text;
};

/// `standard_conforming_strings` is taken to be on.
class SqlLexer {
 public:
  explicit SqlLexer(std::string_view text) : rest_(text) {}
  /// None at the end. What is not closed reaches to the end.
  std::optional<SqlToken> next();
  /// Up to the next line's start.
  void skip_line();

 private:
  SqlToken take(SqlToken::Kind kind, std::size_t size);

  std::string_view rest_;
};

}  // namespace quemsi::postgresql_engine
