#include "engine/mysql/shape_json.hpp"

#include <nlohmann/json.hpp>

#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

using nlohmann::json;

/// JSON is UTF-8; a definition is what somebody once sent.
json text_json(const std::string& text) {
  if (is_valid_utf8(text)) return text;
  return json{{"hex", to_hex(text)}};
}

std::string text_from(const json& value) {
  if (value.is_string()) return value;
  const std::string hex = value.at("hex");
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    text += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return text;
}

json object_json(const SchemaObject& object) {
  return json::array({object.kind, object.name, object.table, text_json(object.sql),
                      object.sql_mode, object.client_charset, object.collation, object.time_zone,
                      object.schema_collation});
}

SchemaObject object_from(const json& list) {
  return {.kind = list.at(0),
          .name = list.at(1),
          .table = list.at(2),
          .sql = text_from(list.at(3)),
          .sql_mode = list.at(4),
          .client_charset = list.at(5),
          .collation = list.at(6),
          .time_zone = list.at(7),
          .schema_collation = list.at(8)};
}

}  // namespace

json to_json(const SchemaObjects& objects) {
  json list = json::array();
  for (const SchemaObject& object : objects) list.push_back(object_json(object));
  return list;
}

SchemaObjects objects_from_json(const json& list) {
  SchemaObjects objects;
  for (const json& item : list) objects.push_back(object_from(item));
  return objects;
}

json to_json(const SchemaShape& shape) {
  json tables = json::array();
  for (const TableEntry& table : shape.tables) {
    tables.push_back(json::array({table.name, static_cast<int>(table.kind), table.engine}));
  }
  return {{"facts", json::array({shape.facts.charset, shape.facts.collation, shape.facts.comment})},
          {"tables", tables},
          {"triggers", to_json(shape.triggers)},
          {"objects", to_json(shape.objects)}};
}

SchemaShape shape_from_json(const json& value) {
  SchemaShape shape;
  const json& facts = value.at("facts");
  shape.facts = {facts.at(0), facts.at(1), facts.at(2)};
  for (const json& table : value.at("tables")) {
    shape.tables.push_back(
        {table.at(0), static_cast<TableKind>(table.at(1).get<int>()), table.at(2)});
  }
  shape.triggers = objects_from_json(value.at("triggers"));
  shape.objects = objects_from_json(value.at("objects"));
  return shape;
}

}  // namespace quemsi::mysql_engine
