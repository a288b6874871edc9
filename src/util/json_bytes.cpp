#include "util/json_bytes.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "util/text.hpp"

namespace quemsi {
namespace {

using nlohmann::json;

constexpr const char* bytes_key = "";

bool is_wrapped(const json& value) {
  return value.is_object() && value.size() == 1 && value.contains(bytes_key) &&
         value[bytes_key].is_string();
}

/// Calls `change` at every depth; it tells whether the value needs no further look.
template <class Change>
void change_all(json& value, Change change) {
  if (change(value) || !value.is_structured()) return;
  for (json& item : value) change_all(item, change);
}

}  // namespace

json wrap_bytes(json value) {
  change_all(value, [](json& item) {
    if (!item.is_string()) return false;
    const auto& text = item.get_ref<const std::string&>();
    if (!is_valid_utf8(text)) item = json::object({{bytes_key, to_hex(text)}});
    return true;
  });
  return value;
}

json unwrap_bytes(json value) {
  change_all(value, [](json& item) {
    if (!is_wrapped(item)) return false;
    std::optional<std::string> bytes = from_hex(item[bytes_key].get_ref<const std::string&>());
    if (bytes) item = *std::move(bytes);
    return true;
  });
  return value;
}

}  // namespace quemsi
