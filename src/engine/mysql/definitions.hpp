// Statements as SHOW CREATE gives them, taken apart as far as need be.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quemsi::mysql_engine {

/// "`user`@`host`" of a DEFINER clause; none when there is no such clause.
std::optional<std::string> definer_of(std::string_view sql);
/// Without its DEFINER clause: whoever runs it will be the definer.
std::string without_definer(std::string_view sql);

/// A trigger's statement up to FOR EACH ROW, and from there on.
struct TriggerParts {
  std::string_view head;
  std::string_view rest;
};
TriggerParts split_trigger(std::string_view sql);
/// True when the head names a schema.
bool names_schema(std::string_view head);
/// The trigger of another table.
std::string on_table(std::string_view trigger, std::string_view table);
/// CREATE OR REPLACE, which nobody can write in between; not of a trigger that was to be made IF
/// NOT EXISTS, with which the server does not take it.
std::string or_replace(std::string_view sql);

/// A view's statement without the schema's name before columns: the server puts it there once it
/// finds the view broken.
std::string without_schema(std::string_view sql, std::string_view schema);

/// An event that says `from` of whether it runs says `to` instead.
std::string with_event_status(std::string_view sql, std::string_view from, std::string_view to);

/// MySQL tells of a column's character set when a statement named its collation, even where that is
/// all that the statement named: a table and its copy would differ.
std::string without_implied_charsets(std::string_view sql);

/// CREATE TABLE without its AUTO_INCREMENT option.
struct TableDefinition {
  std::string sql;
  std::string auto_increment;  ///< empty: none
};
TableDefinition split_auto_increment(std::string_view sql);

}  // namespace quemsi::mysql_engine
