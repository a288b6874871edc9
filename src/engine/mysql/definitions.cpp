#include "engine/mysql/definitions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "engine/mysql/connection.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

bool is_quote(char c) { return c == '`' || c == '\'' || c == '"'; }

/// Behind what is quoted at `at`; a doubled quote is taken for two texts side by side.
std::size_t skip_quoted(std::string_view sql, std::size_t at) {
  const char quote = sql[at];
  for (++at; at < sql.size(); ++at) {
    if (sql[at] == '\\' && quote != '`') {
      ++at;
    } else if (sql[at] == quote) {
      return at + 1;
    }
  }
  return sql.size();
}

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

/// Behind a comment at `at`; `at` itself when there is none. What stands in `/*!` and `/*M!` is
/// SQL.
std::size_t skip_comment(std::string_view sql, std::size_t at) {
  const std::string_view rest = sql.substr(at);
  for (const std::string_view opening : {"/*!", "/*M!"}) {
    if (rest.starts_with(opening)) return at + opening.size();
  }
  if (rest.starts_with("/*")) {
    const std::size_t end = sql.find("*/", at + 2);
    return end == npos ? sql.size() : end + 2;
  }
  const bool dashes = rest.starts_with("--") && (rest.size() == 2 || is_blank(rest[2]));
  return dashes || rest.starts_with('#') ? std::min(sql.find('\n', at), sql.size()) : at;
}

/// Behind what is quoted, or a comment, at `at`; `at` itself when neither begins there.
std::size_t skip_unread(std::string_view sql, std::size_t at) {
  return is_quote(sql[at]) ? skip_quoted(sql, at) : skip_comment(sql, at);
}

std::size_t skip_blanks(std::string_view sql, std::size_t at) {
  while (at < sql.size()) {
    const std::size_t next = is_blank(sql[at]) ? at + 1 : skip_comment(sql, at);
    if (next == at) break;
    at = next;
  }
  return at;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool equals(std::string_view a, std::string_view upper) {
  return a.size() == upper.size() && std::ranges::equal(a, upper, [](char x, char y) {
           return std::toupper(static_cast<unsigned char>(x)) == y;
         });
}

/// The place of a word outside quotes and comments, in upper case; npos when it is not there.
std::size_t find_word(std::string_view sql, std::string_view word, std::size_t from = 0) {
  for (std::size_t at = from; at < sql.size();) {
    if (const std::size_t next = skip_unread(sql, at); next != at) {
      at = next;
    } else if (is_word(sql[at])) {
      std::size_t end = at;
      while (end < sql.size() && is_word(sql[end])) ++end;
      if (equals(sql.substr(at, end - at), word)) return at;
      at = end;
    } else {
      ++at;
    }
  }
  return npos;
}

struct Range {
  std::size_t start;
  std::size_t end;
};

/// `DEFINER=`user`@`host` `, as SHOW CREATE writes it, right behind CREATE and its options.
std::optional<Range> definer_range(std::string_view sql) {
  constexpr std::string_view clause = "DEFINER=";
  const std::size_t start = find_word(sql, "DEFINER");
  if (start == npos || !sql.substr(start).starts_with(clause)) return std::nullopt;
  std::size_t end = start + clause.size();
  while (end < sql.size() && sql[end] != ' ') {
    end = is_quote(sql[end]) ? skip_quoted(sql, end) : end + 1;
  }
  return Range{start, end};
}

/// `"app"@"localhost"`, as ANSI_QUOTES makes it, in the usual quotes.
std::string in_backticks(std::string_view account) {
  std::string text;
  for (std::size_t at = 0; at < account.size();) {
    if (account[at] != '"') {
      text += account[at++];
      continue;
    }
    const std::size_t end = skip_quoted(account, at);
    text += quote_identifier(account.substr(at + 1, end - at - 2));
    at = end;
  }
  return text;
}

}  // namespace

std::optional<std::string> definer_of(std::string_view sql) {
  const auto range = definer_range(sql);
  if (!range) return std::nullopt;
  const std::string_view clause = sql.substr(range->start, range->end - range->start);
  return in_backticks(clause.substr(clause.find('=') + 1));
}

std::string without_definer(std::string_view sql) {
  const auto range = definer_range(sql);
  if (!range) return std::string(sql);
  const std::size_t next = std::min(range->end + 1, sql.size());
  return std::string(sql.substr(0, range->start)) + std::string(sql.substr(next));
}

TriggerParts split_trigger(std::string_view sql) {
  std::size_t at = find_word(sql, "FOR");
  while (at != npos && find_word(sql, "EACH", at + 3) != skip_blanks(sql, at + 3)) {
    at = find_word(sql, "FOR", at + 3);
  }
  at = std::min(at, sql.size());
  return {sql.substr(0, at), sql.substr(at)};
}

bool names_schema(std::string_view head) {
  const std::size_t start = find_word(head, "TRIGGER");
  for (std::size_t at = start == npos ? head.size() : start; at < head.size();) {
    if (head[at] == '.') return true;
    const std::size_t next = skip_unread(head, at);
    at = next == at ? at + 1 : next;
  }
  return false;
}

std::string on_table(std::string_view trigger, std::string_view table) {
  const TriggerParts parts = split_trigger(trigger);
  const std::size_t on = find_word(parts.head, "ON", find_word(parts.head, "TRIGGER"));
  return fmt::format("{}ON {} {}", parts.head.substr(0, on), quote_identifier(table), parts.rest);
}

std::string or_replace(std::string_view sql) {
  constexpr std::string_view create = "CREATE ";
  constexpr std::string_view trigger = "TRIGGER";
  const std::size_t at = find_word(sql, trigger);
  const bool careful =
      at != npos && find_word(sql, "IF", at) == skip_blanks(sql, at + trigger.size());
  if (careful || !sql.starts_with(create)) return std::string(sql);
  return fmt::format("{}OR REPLACE {}", create, sql.substr(create.size()));
}

std::string without_schema(std::string_view sql, std::string_view schema) {
  const std::string name = quote_identifier(schema);
  const auto names_column = [&](std::size_t at) {
    const bool of_table = sql.substr(at).starts_with(".`");
    return of_table && sql.substr(skip_quoted(sql, at + 1)).starts_with(".`");
  };
  std::string text;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t end = is_quote(sql[at]) ? skip_quoted(sql, at) : at + 1;
    const std::string_view part = sql.substr(at, end - at);
    const bool superfluous = part == name && names_column(end);
    if (!superfluous) text += part;
    at = superfluous ? end + 1 : end;
  }
  return text;
}

std::string with_event_status(std::string_view sql, std::string_view from, std::string_view to) {
  const std::size_t preserve = find_word(sql, "PRESERVE");
  if (preserve == npos) return std::string(sql);
  const std::size_t status = sql.find_first_not_of(' ', preserve + 8);
  if (status == npos || !sql.substr(status).starts_with(from)) return std::string(sql);
  return fmt::format("{}{}{}", sql.substr(0, status), to, sql.substr(status + from.size()));
}

std::string without_implied_charsets(std::string_view sql) {
  constexpr std::string_view clause = "CHARACTER SET ";
  std::string text;
  std::size_t done = 0;
  for (std::size_t at = find_word(sql, "CHARACTER"); at != npos;
       at = find_word(sql, "CHARACTER", at + 1)) {
    if (!sql.substr(at).starts_with(clause)) continue;
    const std::size_t name = at + clause.size();
    const std::size_t end = std::min(sql.find(' ', name), sql.size());
    const std::string implied = fmt::format(" COLLATE {}_", sql.substr(name, end - name));
    if (!sql.substr(end).starts_with(implied)) continue;
    text += sql.substr(done, at - done);
    done = end + 1;
  }
  return text + std::string(sql.substr(done));
}

TableDefinition split_auto_increment(std::string_view sql) {
  constexpr std::string_view option = " AUTO_INCREMENT=";
  // The options stand in the last line that starts with a parenthesis, before any partitions.
  const std::size_t options = sql.rfind("\n)");
  const std::size_t start = options == npos ? npos : find_word(sql, "AUTO_INCREMENT", options);
  if (start == npos || !sql.substr(start - 1).starts_with(option)) return {std::string(sql), {}};
  const std::size_t value = start - 1 + option.size();
  const std::size_t end = std::min(sql.find_first_not_of("0123456789", value), sql.size());
  return {std::string(sql.substr(0, start - 1)) + std::string(sql.substr(end)),
          std::string(sql.substr(value, end - value))};
}

}  // namespace quemsi::mysql_engine
