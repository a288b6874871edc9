#include "engine/mysql/sequence_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr std::array<std::string_view, 3> functions{"nextval(", "lastval(", "setval("};

/// Behind the text or name in quotes at `at`.
std::size_t behind_quoted(std::string_view sql, std::size_t at) {
  const char quote = sql[at];
  for (++at; at < sql.size() && sql[at] != quote; ++at) {
    if (sql[at] == '\\' && quote != '`') ++at;
  }
  return std::min(at + 1, sql.size());
}

bool is_behind_function(std::string_view sql, std::size_t at) {
  return std::ranges::any_of(
      functions, [&](std::string_view function) { return sql.substr(0, at).ends_with(function); });
}

/// In defaults, where MariaDB before 10.6 has a question mark for every other character.
bool shows_ascii_only(const Connection& connection) {
  constexpr unsigned long first_that_shows_all = 100600;
  return connection.is_mariadb() && connection.version() < first_that_shows_all;
}

std::string as_ascii(const std::string& utf8) {
  std::string text;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    const bool goes_on = (byte & 0xC0U) == 0x80;
    if (!goes_on) text += byte < 0x80 ? c : '?';
  }
  return text;
}

bool has_sequences(Connection& connection, const std::string& schema) {
  return connection
             .query(fmt::format("SELECT 1 FROM information_schema.tables WHERE {} AND table_type = "
                                "'SEQUENCE' LIMIT 1",
                                is_named("table_schema", schema)))
             .rows() > 0;
}

}  // namespace

std::string without_schemas_of_sequences(const std::string& sql,
                                         const std::vector<std::string>& schemas) {
  std::vector<std::string> qualifiers;
  qualifiers.reserve(schemas.size());
  for (const std::string& schema : schemas) qualifiers.push_back(quote_identifier(schema) + ".");
  std::string text;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t quoted = std::min(sql.find_first_of("`'\"", at), sql.size());
    text += sql.substr(at, quoted - at);
    at = quoted;
    if (at == sql.size()) break;
    const std::string_view rest = std::string_view(sql).substr(at);
    const auto qualifier = std::ranges::find_if(
        qualifiers, [&](const std::string& name) { return rest.starts_with(name); });
    if (qualifier != qualifiers.end() && is_behind_function(sql, at)) {
      at += qualifier->size();
    } else {
      const std::size_t end = behind_quoted(sql, at);
      text += sql.substr(at, end - at);
      at = end;
    }
  }
  return text;
}

std::vector<std::string> shown_names(Connection& connection, std::vector<std::string> schemas) {
  if (connection.constant("SELECT @@lower_case_table_names") != "0") {
    for (std::string& name : schemas) {
      name = connection.constant("SELECT LOWER(" + quote_literal(name) + ")");
    }
  }
  if (!shows_ascii_only(connection)) return schemas;
  const std::size_t count = schemas.size();
  for (std::size_t i = 0; i < count; ++i) schemas.push_back(as_ascii(schemas[i]));
  return schemas;
}

void check_sequences_shown(const Connection& connection, const std::string& table,
                           std::string_view sql) {
  if (!shows_ascii_only(connection)) return;
  for (const std::string_view function : functions) {
    for (std::size_t at = sql.find(function); at != std::string_view::npos;
         at = sql.find(function, at + 1)) {
      const std::string_view name = sql.substr(at, sql.find_first_of(",)", at) - at);
      if (name.find('?') == std::string_view::npos) continue;
      throw Error(ErrorKind::unsupported, "the definition of table " + table + " cannot be read")
          .cause(connection.version_text() + " shows names of sequences in ASCII only")
          .hint("give the sequence, or its schema, a name in ASCII, or upgrade to MariaDB 10.6");
    }
  }
}

std::optional<Error> sequence_obstacle(Connection& connection, const std::string& copy) {
  if (!connection.is_mariadb() || !has_sequences(connection, copy)) return std::nullopt;
  const Result rows = connection.query(fmt::format(
      "SELECT DISTINCT table_name FROM information_schema.columns WHERE {} AND "
      "INSTR(column_default, {}) ORDER BY table_name",
      is_named("table_schema", copy), quote_literal("val(" + quote_identifier(copy) + ".")));
  if (rows.rows() == 0) return std::nullopt;
  return Error(ErrorKind::unsupported, "schema " + copy + " cannot be exchanged")
      .cause("defaults of " + quote_identifier(rows.str(0, 0)) + " take numbers from its sequences")
      .hint("AUTO_INCREMENT, or an application that asks the sequence, is not bound to a schema");
}

}  // namespace quemsi::mysql_engine
