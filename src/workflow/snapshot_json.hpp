// A snapshot as JSON: in journal entries, and in the store's records, from which
// the catalogue is rebuilt.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "quemsi/catalogue.hpp"

namespace quemsi {

nlohmann::json snapshot_to_json(const Snapshot& snapshot);
/// Throws Error(corrupt).
Snapshot snapshot_from_json(const nlohmann::json& json);

template <class IdType>
nlohmann::json optional_to_json(const std::optional<IdType>& id) {
  return id ? nlohmann::json(id->str()) : nlohmann::json(nullptr);
}

template <class IdType>
std::optional<IdType> optional_from_json(const nlohmann::json& json) {
  if (json.is_null()) return std::nullopt;
  return IdType(json.get<std::string>());
}

}  // namespace quemsi
