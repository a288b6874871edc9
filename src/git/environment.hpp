// The environment variables through which git is told where things are.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace quemsi {

/// None when unset or empty: git treats both alike for its own variables.
inline std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace quemsi
