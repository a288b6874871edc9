// What pg_dump writes as plain SQL, taken apart.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace quemsi::postgresql_engine {

/// What pg_dump puts under one header: an object, or a part or property of one.
struct ScriptItem {
  std::string header;  ///< "Name: ...; Type: ...; Schema: ...; Owner: ..."
  std::string type;    ///< "TABLE", "FK CONSTRAINT", "COMMENT", ...
  std::vector<std::string> statements;
  /// Statements that set what the session must have set, by the setting.
  std::map<std::string, std::string> settings;
};

using Script = std::vector<ScriptItem>;

/// Leaves out psql's commands and pg_dump's remarks, which differ from run to run, and the limits
/// of time that pg_dump sets for its session. Throws Error(corrupt) for a text that ends inside a
/// statement.
Script parse_script(std::string_view text);

/// The same script as text again, for parse_script() and psql; equal for equal scripts.
std::string script_text(const Script& script);

struct SplitScript {
  Script pre_data;   ///< what rows need
  Script post_data;  ///< what needs rows: indexes, constraints, triggers, privileges
};

SplitScript split_at_data(Script script);

}  // namespace quemsi::postgresql_engine
