#include "engine/postgresql/sql_lexer.hpp"

#include <algorithm>

namespace quemsi::postgresql_engine {
namespace {

constexpr std::string_view white_space = " \t\n\r\f\v";

bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t or_end(std::size_t position, std::string_view text) {
  return std::min(position, text.size());
}

std::size_t word_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() &&
         (starts_word(text[size]) || is_digit(text[size]) || text[size] == '$')) {
    ++size;
  }
  return size;
}

/// A doubled quote is two strings in a row for this purpose.
std::size_t quoted_size(std::string_view text, std::size_t start, char quote) {
  const std::size_t end = text.find(quote, start);
  return end == std::string_view::npos ? text.size() : end + 1;
}

std::size_t escape_string_size(std::string_view text, std::size_t start) {
  for (std::size_t i = start; i < text.size(); ++i) {
    const bool doubled = text.substr(i).starts_with("''");
    if (text[i] == '\\' || doubled) {
      ++i;
    } else if (text[i] == '\'') {
      return i + 1;
    }
  }
  return text.size();
}

std::size_t block_comment_size(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const std::string_view pair = text.substr(i, 2);
    if (pair == "/*") {
      ++depth;
      ++i;
    } else if (pair == "*/") {
      ++i;
      if (--depth == 0) return i + 1;
    }
  }
  return text.size();
}

/// The opening `$tag$`; empty when there is none.
std::string_view dollar_quote(std::string_view text) {
  std::size_t size = 1;
  if (size < text.size() && is_digit(text[size])) return {};
  while (size < text.size() && (starts_word(text[size]) || is_digit(text[size]))) ++size;
  return size < text.size() && text[size] == '$' ? text.substr(0, size + 1) : std::string_view();
}

std::size_t dollar_string_size(std::string_view text, std::string_view quote) {
  const std::size_t end = text.find(quote, quote.size());
  return end == std::string_view::npos ? text.size() : end + quote.size();
}

}  // namespace

SqlToken SqlLexer::take(SqlToken::Kind kind, std::size_t size) {
  const SqlToken token{kind, rest_.substr(0, size)};
  rest_.remove_prefix(size);
  return token;
}

void SqlLexer::skip_line() { rest_.remove_prefix(or_end(rest_.find('\n'), rest_)); }

std::optional<SqlToken> SqlLexer::next() {
  using Kind = SqlToken::Kind;
  if (rest_.empty()) return std::nullopt;
  const char c = rest_.front();
  if (white_space.find(c) != std::string_view::npos) {
    return take(Kind::space, or_end(rest_.find_first_not_of(white_space), rest_));
  }
  if (rest_.starts_with("--")) return take(Kind::comment, or_end(rest_.find('\n'), rest_));
  if (rest_.starts_with("/*")) return take(Kind::comment, block_comment_size(rest_));
  if (c == '\'') return take(Kind::string, quoted_size(rest_, 1, c));
  if (c == '"') return take(Kind::quoted, quoted_size(rest_, 1, c));
  if (rest_.starts_with("E'") || rest_.starts_with("e'")) {
    return take(Kind::string, escape_string_size(rest_, 2));
  }
  if (starts_word(c)) return take(Kind::word, word_size(rest_));
  if (is_digit(c)) return take(Kind::symbol, std::max<std::size_t>(1, word_size(rest_)));
  if (c == '$') {
    const std::string_view quote = dollar_quote(rest_);
    if (!quote.empty()) return take(Kind::string, dollar_string_size(rest_, quote));
  }
  return take(Kind::symbol, 1);
}

}  // namespace quemsi::postgresql_engine
