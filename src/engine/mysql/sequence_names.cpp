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
  if (connection.constant("SELECT @@lower_case_table_names") == "0") return schemas;
  for (std::string& name : schemas) {
    name = connection.constant("SELECT LOWER(" + quote_literal(name) + ")");
  }
  return schemas;
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
