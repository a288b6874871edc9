#include "engine/postgresql/build_plan.hpp"

#include <algorithm>

#include "engine/postgresql/sql_lexer.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// Words, identifiers and symbols.
std::vector<std::string_view> tokens_of(std::string_view statement) {
  SqlLexer lexer(statement);
  std::vector<std::string_view> tokens;
  while (const auto token = lexer.next()) {
    const bool counts =
        token->kind != SqlToken::Kind::space && token->kind != SqlToken::Kind::comment;
    if (counts) tokens.push_back(token->text);
  }
  return tokens;
}

/// `schema.table` or `"a""b"."c"` from `at` on: a doubled quote is two tokens.
std::string name_at(const std::vector<std::string_view>& tokens, std::size_t at) {
  std::string name;
  bool after_dot = true;
  for (; at < tokens.size(); ++at) {
    const bool dot = tokens[at] == ".";
    const bool doubled = !name.empty() && name.back() == '"' && tokens[at].starts_with('"');
    if (!dot && !after_dot && !doubled) break;
    name += tokens[at];
    after_dot = dot;
  }
  return name;
}

/// What follows `word`, and ONLY if that is there; empty when there is no such word.
std::string name_after(const std::vector<std::string_view>& tokens, std::string_view word,
                       std::size_t from = 0) {
  for (std::size_t i = from; i < tokens.size(); ++i) {
    if (tokens[i] != word) continue;
    const bool only = i + 1 < tokens.size() && tokens[i + 1] == "ONLY";
    return name_at(tokens, i + (only ? 2 : 1));
  }
  return {};
}

/// CREATE [UNIQUE] INDEX name ON [ONLY] table
std::vector<std::string> tables_of_index(const std::vector<std::string_view>& tokens) {
  const std::string table = name_after(tokens, "ON");
  return table.empty() ? std::vector<std::string>() : std::vector{table};
}

/// ALTER TABLE ONLY table ADD CONSTRAINT ...; without ONLY its partitions are locked as well.
std::vector<std::string> tables_of_constraint(const std::vector<std::string_view>& tokens) {
  if (tokens.size() < 4 || tokens[1] != "TABLE" || tokens[2] != "ONLY") return {};
  const std::string table = name_at(tokens, 3);
  const std::string other = name_after(tokens, "REFERENCES");
  if (table.empty()) return {};
  return other.empty() || other == table ? std::vector{table} : std::vector{table, other};
}

std::vector<std::string> tables_of(const ScriptItem& item) {
  if (item.statements.empty()) return {};
  if (item.type == "INDEX") return tables_of_index(tokens_of(item.statements.front()));
  if (item.type == "CONSTRAINT" || item.type == "FK CONSTRAINT") {
    return tables_of_constraint(tokens_of(item.statements.front()));
  }
  return {};
}

}  // namespace

std::vector<BuildStep> plan_build(const Script& script) {
  std::vector<BuildStep> steps;
  for (const ScriptItem& item : script) {
    const bool about_the_last =
        item.type == "COMMENT" && !steps.empty() && !steps.back().tables.empty();
    if (about_the_last) {
      steps.back().items.push_back(&item);
    } else {
      steps.push_back({{&item}, tables_of(item)});
    }
  }
  return steps;
}

}  // namespace quemsi::postgresql_engine
