#include "engine/postgresql/dispensable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace quemsi::postgresql_engine {
namespace {

/// Everything else that has a comment was made by the role itself.
constexpr std::array<std::string_view, 6> kinds_of_administrators{
    "ACCESS METHOD ",        "EVENT TRIGGER ", "EXTENSION ",
    "FOREIGN DATA WRAPPER ", "LANGUAGE ",      "SCHEMA "};

/// As pg_dump writes them.
constexpr const char* is_commented_so = R"(
  SELECT EXISTS (
    SELECT FROM pg_description d, LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
    WHERE d.classoid IN ('pg_am'::regclass, 'pg_event_trigger'::regclass,
      'pg_extension'::regclass, 'pg_foreign_data_wrapper'::regclass, 'pg_language'::regclass,
      'pg_namespace'::regclass)
    AND format('COMMENT ON %s %s IS ''%s'';', upper(replace(i.type, '-', ' ')), i.identity,
               replace(d.description, '''', '''''')) = $1))";

/// Of a header: what stands between `key` and the next part.
std::string_view part_of(std::string_view header, std::string_view key) {
  const std::size_t start = header.find(key);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = header.substr(start + key.size());
  return rest.substr(0, rest.find("; "));
}

std::string_view name_of(const ScriptItem& item) { return part_of(item.header, "Name: "); }

bool may_be_an_administrators(std::string_view name) {
  return std::ranges::any_of(kinds_of_administrators,
                             [&](std::string_view kind) { return name.starts_with(kind); });
}

/// Where there is nothing to create but an owner to set.
bool is_owner_of_public(const ScriptItem& item) {
  return item.type == "SCHEMA" && name_of(item) == "public" && item.statements.size() == 1 &&
         item.statements.front().starts_with("ALTER SCHEMA public OWNER TO ");
}

}  // namespace

bool is_dispensable(const ScriptItem& item) {
  return item.type == "DEFAULT ACL" || is_owner_of_public(item) ||
         (item.type == "COMMENT" && may_be_an_administrators(name_of(item)));
}

bool holds_already(Connection& connection, const ScriptItem& item) {
  return item.type == "COMMENT" && item.statements.size() == 1 &&
         connection.query(is_commented_so, item.statements.front()).boolean(0, 0);
}

std::string left_out(const ScriptItem& item) {
  if (item.type == "COMMENT") {
    return fmt::format("COMMENT ON {} was left out: only its owner may set it", name_of(item));
  }
  const std::string_view owner = part_of(item.header, "Owner: ");
  if (item.type == "SCHEMA") {
    return fmt::format("OWNER {} of schema {} was left out: this user may not set it", owner,
                       name_of(item));
  }
  return fmt::format("{} of role {} were left out: this user may not set them", name_of(item),
                     owner);
}

}  // namespace quemsi::postgresql_engine
