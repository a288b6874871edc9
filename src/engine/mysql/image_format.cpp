#include "engine/mysql/image_format.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/common/copy_text.hpp"

namespace quemsi::mysql_engine {
namespace {

using Json = nlohmann::json;
using Fields = std::vector<std::string>;

constexpr std::string_view rows_prefix = "rows/";

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

std::vector<Fields> parse_lines(std::string_view text, std::size_t fields) {
  std::vector<Fields> lines;
  for (; !text.empty(); text.remove_prefix(text.find('\n') + 1)) {
    const std::size_t end = text.find('\n');
    auto line = parse_copy_row(text.substr(0, end));
    if (end == std::string_view::npos || !line || line->size() != fields) {
      bad_image("a line of its schema cannot be read");
    }
    lines.push_back(std::move(*line));
  }
  return lines;
}

}  // namespace

void bad_image(const std::string& why) {
  throw Error(ErrorKind::corrupt, damaged_image).cause(why);
}

SectionHeader rows_header(const TableShape& table) {
  return {.name = std::string(rows_prefix) + table.name,
          .attributes = {{"table", table.name},
                         {"columns", Json(table.columns).dump()},
                         {"types", Json(table.types).dump()},
                         {"key", Json(table.key).dump()},
                         {"history", table.history ? "yes" : "no"}}};
}

std::optional<TableShape> parse_rows_header(const SectionHeader& header) {
  if (!header.name.starts_with(rows_prefix)) return std::nullopt;
  TableShape table{.name = attribute(header, "table"),
                   .columns = list_attribute(header, "columns"),
                   .types = list_attribute(header, "types"),
                   .key = list_attribute(header, "key"),
                   .history = attribute(header, "history") == "yes"};
  if (table.types.size() != table.columns.size()) bad_image("a table has not a type a column");
  return table;
}

std::string objects_text(const SchemaObjects& objects) {
  std::string text;
  for (const SchemaObject& object : objects) {
    text += copy_row({object.kind, object.name, object.table, object.sql, object.sql_mode,
                      object.client_charset, object.collation, object.time_zone,
                      object.schema_collation});
  }
  return text;
}

SchemaObjects parse_objects(std::string_view text) {
  SchemaObjects objects;
  for (Fields& line : parse_lines(text, 9)) {
    objects.push_back({.kind = std::move(line[0]),
                       .name = std::move(line[1]),
                       .table = std::move(line[2]),
                       .sql = std::move(line[3]),
                       .sql_mode = std::move(line[4]),
                       .client_charset = std::move(line[5]),
                       .collation = std::move(line[6]),
                       .time_zone = std::move(line[7]),
                       .schema_collation = std::move(line[8])});
  }
  return objects;
}

std::string counters_text(const std::vector<Counter>& counters) {
  std::string text;
  for (const Counter& counter : counters) {
    text += copy_row({counter.kind, counter.name, counter.value, counter.cycle});
  }
  return text;
}

std::vector<Counter> parse_counters(std::string_view text) {
  std::vector<Counter> counters;
  for (Fields& line : parse_lines(text, 4)) {
    const bool number = std::ranges::all_of(
        line[2] + line[3], [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
    if (!number || line[2].empty()) bad_image("a counter is no number");
    counters.push_back({line[0], line[1], line[2], line[3]});
  }
  return counters;
}

}  // namespace quemsi::mysql_engine
