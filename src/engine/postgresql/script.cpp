#include "engine/postgresql/script.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/postgresql/sql_lexer.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr std::string_view header_mark = "-- Name: ";

/// Where pg_dump goes on after the rows: the first item of one of these types. Privileges come
/// last, so that an owner who has none on a table can still fill it.
constexpr std::array<std::string_view, 18> post_data_types{"ACL",
                                                           "CHECK CONSTRAINT",
                                                           "CONSTRAINT",
                                                           "DEFAULT ACL",
                                                           "EVENT TRIGGER",
                                                           "FK CONSTRAINT",
                                                           "INDEX",
                                                           "INDEX ATTACH",
                                                           "MATERIALIZED VIEW DATA",
                                                           "POLICY",
                                                           "PUBLICATION",
                                                           "PUBLICATION TABLE",
                                                           "ROW SECURITY",
                                                           "RULE",
                                                           "STATISTICS",
                                                           "SUBSCRIPTION",
                                                           "TRIGGER",
                                                           "PUBLICATION TABLES IN SCHEMA"};

std::string lower(std::string_view word) {
  std::string text(word);
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

/// Knows when a `;` ends a statement: not between parentheses, nor in a function's body that is
/// written as BEGIN ATOMIC ... END. Much as psql's lexer does it.
class StatementEnd {
 public:
  bool is_at(const SqlToken& token) {
    if (token.kind == SqlToken::Kind::space || token.kind == SqlToken::Kind::comment) return false;
    const bool after_begin = std::exchange(after_begin_, false);
    if (token.kind == SqlToken::Kind::word) see_word(lower(token.text), after_begin);
    if (token.kind != SqlToken::Kind::symbol) return false;
    if (token.text == "(") ++parentheses_;
    if (token.text == ")" && parentheses_ > 0) --parentheses_;
    return token.text == ";" && parentheses_ == 0 && blocks_ == 0;
  }

 private:
  void see_word(const std::string& word, bool after_begin) {
    if (words_.size() < 4) words_.push_back(word);
    if (parentheses_ > 0 || !is_routine()) return;
    // Alone, it may be somebody's name.
    after_begin_ = word == "begin";
    if ((word == "atomic" && after_begin) || (word == "case" && blocks_ > 0)) ++blocks_;
    if (word == "end" && blocks_ > 0) --blocks_;
  }

  [[nodiscard]] bool is_routine() const {
    const auto routine = [this](std::size_t at) {
      return words_.size() > at && (words_[at] == "function" || words_[at] == "procedure");
    };
    if (words_.front() != "create") return false;
    return routine(1) ||
           (words_.size() > 3 && words_[1] == "or" && words_[2] == "replace" && routine(3));
  }

  int parentheses_ = 0;
  int blocks_ = 0;
  bool after_begin_ = false;
  std::vector<std::string> words_;
};

std::string type_of(std::string_view header) {
  constexpr std::string_view mark = "; Type: ";
  const std::size_t start = header.rfind(mark);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = header.substr(start + mark.size());
  return std::string(rest.substr(0, rest.find(';')));
}

/// What a statement sets for the session, empty when it is of another kind.
std::string setting_of(std::string_view statement) {
  if (statement.starts_with("SET ")) {
    return std::string(statement.substr(4, statement.find_first_of(" =;", 4) - 4));
  }
  constexpr std::string_view call = "SELECT pg_catalog.set_config('";
  if (!statement.starts_with(call)) return {};
  return std::string(
      statement.substr(call.size(), statement.find('\'', call.size()) - call.size()));
}

/// Ours are off in any case, and a pg_dump newer than the server sets some that it does not know.
bool is_time_limit(std::string_view setting) { return setting.ends_with("_timeout"); }

class Parser {
 public:
  Script run(std::string_view text) {
    SqlLexer lexer(text);
    while (const auto token = lexer.next()) {
      if (is_between(*token, lexer)) continue;
      statement_ += token->text;
      if (end_.is_at(*token)) finish_statement();
    }
    if (!statement_.empty()) {
      throw Error(ErrorKind::corrupt, "a script of SQL ends inside a statement");
    }
    return std::move(script_);
  }

 private:
  /// Deals with what stands between statements: remarks, and psql's commands, a line each.
  bool is_between(const SqlToken& token, SqlLexer& lexer) {
    if (!statement_.empty()) return false;
    if (token.text == "\\") {
      lexer.skip_line();
      return true;
    }
    if (token.kind == SqlToken::Kind::comment && token.text.starts_with(header_mark)) {
      const std::string header(token.text.substr(3));
      script_.push_back({header, type_of(header), {}, {}});
    }
    return token.kind == SqlToken::Kind::comment || token.kind == SqlToken::Kind::space;
  }

  void finish_statement() {
    const std::string setting = setting_of(statement_);
    if (!setting.empty()) {
      if (!is_time_limit(setting)) settings_[setting] = statement_;
    } else {
      if (script_.empty()) script_.emplace_back();
      if (script_.back().statements.empty()) script_.back().settings = settings_;
      script_.back().statements.push_back(statement_);
    }
    statement_.clear();
    end_ = {};
  }

  Script script_;
  std::map<std::string, std::string> settings_;
  std::string statement_;
  StatementEnd end_;
};

}  // namespace

Script parse_script(std::string_view text) {
  Script script = Parser().run(text);
  std::erase_if(script, [](const ScriptItem& item) { return item.statements.empty(); });
  return script;
}

std::string script_text(const Script& script) {
  std::string text;
  std::map<std::string, std::string> settings;
  for (const ScriptItem& item : script) {
    for (const auto& [name, statement] : item.settings) {
      if (std::exchange(settings[name], statement) != statement) text += statement + "\n";
    }
    if (!item.header.empty()) text += "\n-- " + item.header + "\n";
    for (const std::string& statement : item.statements) text += statement + "\n";
  }
  return text;
}

SplitScript split_at_data(Script script) {
  const auto middle = std::ranges::find_if(script, [](const ScriptItem& item) {
    return std::ranges::find(post_data_types, item.type) != post_data_types.end();
  });
  SplitScript split;
  split.post_data.assign(std::make_move_iterator(middle), std::make_move_iterator(script.end()));
  script.erase(middle, script.end());
  split.pre_data = std::move(script);
  return split;
}

}  // namespace quemsi::postgresql_engine
