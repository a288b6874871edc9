// A schema's shape as JSON, whatever bytes its definitions are made of.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/mysql/shape.hpp"

namespace quemsi::mysql_engine {

nlohmann::json to_json(const SchemaObjects& objects);
/// Throws nlohmann's exceptions for what to_json() did not write.
SchemaObjects objects_from_json(const nlohmann::json& json);

nlohmann::json to_json(const SchemaShape& shape);
/// Throws nlohmann's exceptions for what to_json() did not write.
SchemaShape shape_from_json(const nlohmann::json& json);

}  // namespace quemsi::mysql_engine
