#include "engine/postgresql/image_format.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

using Json = nlohmann::json;

constexpr std::string_view rows_prefix = "rows/";

/// As people write it: no two identifiers look alike.
std::string plain_or_quoted(const std::string& identifier) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (std::ranges::all_of(identifier, plain)) return identifier;
  std::string quoted = "\"";
  for (const char c : identifier) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string attribute(const SectionHeader& header, const char* name) {
  const auto found = header.attributes.find(name);
  if (found == header.attributes.end()) bad_image("section " + header.name + " has no " + name);
  return found->second;
}

std::vector<std::string> list_attribute(const SectionHeader& header, const char* name) {
  const Json json = Json::parse(attribute(header, name), nullptr, false);
  const bool good = json.is_array() &&
                    std::ranges::all_of(json, [](const Json& item) { return item.is_string(); });
  if (!good) bad_image("section " + header.name + " has a bad " + name);
  return json.get<std::vector<std::string>>();
}

}  // namespace

void bad_image(const std::string& why) {
  throw Error(ErrorKind::corrupt, damaged_image).cause(why);
}

void check_values(const Error& error) {
  constexpr std::string_view data_exception = "22";
  if (error.sqlstate().starts_with(data_exception)) bad_image(error.what());
}

SectionHeader rows_header(const TableShape& table, std::size_t part) {
  SectionHeader header;
  header.name =
      std::string(rows_prefix) + plain_or_quoted(table.schema) + "." + plain_or_quoted(table.name);
  if (part > 1) header.name += "/" + std::to_string(part);
  header.attributes = {{"schema", table.schema},
                       {"table", table.name},
                       {"columns", Json(table.columns).dump()},
                       {"types", Json(table.types).dump()},
                       {"key", Json(table.key).dump()},
                       {"part", std::to_string(part)}};
  if (!table.condition.empty()) header.attributes["condition"] = table.condition;
  return header;
}

std::optional<TableShape> parse_rows_header(const SectionHeader& header) {
  if (!header.name.starts_with(rows_prefix)) return std::nullopt;
  TableShape table{.schema = attribute(header, "schema"),
                   .name = attribute(header, "table"),
                   .columns = list_attribute(header, "columns"),
                   .types = list_attribute(header, "types"),
                   .key = list_attribute(header, "key"),
                   .condition = {}};
  const auto condition = header.attributes.find("condition");
  if (condition != header.attributes.end()) table.condition = condition->second;
  return table;
}

}  // namespace quemsi::postgresql_engine
