#include "engine/postgresql/tablespaces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/postgresql/catalog.hpp"
#include "engine/postgresql/header.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr const char* setting = "default_tablespace";
constexpr std::string_view set = "SET default_tablespace = ";

/// As pg_dump writes them.
constexpr const char* usable_tablespaces = R"(
  SELECT quote_ident(s.spcname)
  FROM pg_tablespace s JOIN pg_database d ON d.datname = current_database()
  WHERE has_tablespace_privilege(s.oid, 'CREATE') OR s.oid = d.dattablespace)";

void lose(std::vector<std::string>& lost, const std::string& name, const char* what) {
  std::string line = fmt::format(
      "the tablespace {} is missing, or not for this user: {} in the default one", name, what);
  if (std::ranges::find(lost, line) == lost.end()) lost.push_back(std::move(line));
}

}  // namespace

std::string read_tablespace(Connection& connection) {
  return connection
      .query(
          "SELECT CASE s.spcname WHEN 'pg_default' THEN '' ELSE s.spcname END FROM pg_database d "
          "JOIN pg_tablespace s ON s.oid = d.dattablespace WHERE d.datname = current_database()")
      .str(0, 0);
}

std::string tablespace_option(Connection& connection, const ImageHeader& header,
                              std::vector<std::string>& lost) {
  const std::string name = tablespace_of(header);
  if (name.empty()) return {};
  const Result usable = connection.query(
      "SELECT FROM pg_tablespace WHERE spcname::text = $1 AND "
      "has_tablespace_privilege(oid, 'CREATE')",
      name);
  if (usable.rows() > 0) return " TABLESPACE " + quote_identifier(name);
  lose(lost, quote_identifier(name), "the database is");
  return {};
}

void settle_tablespaces(Connection& connection, Script& script, std::vector<std::string>& lost) {
  std::set<std::string> usable{"''"};
  for (std::string& name : statements_of(connection, usable_tablespaces)) {
    usable.insert(std::move(name));
  }
  for (ScriptItem& item : script) {
    const auto found = item.settings.find(setting);
    if (found == item.settings.end() || !found->second.starts_with(set)) continue;
    std::string name = found->second.substr(set.size());
    if (name.ends_with(';')) name.pop_back();
    if (usable.contains(name)) continue;
    lose(lost, name, "what was there is");
    found->second = std::string(set) + "'';";
  }
}

}  // namespace quemsi::postgresql_engine
