#include "config/layer_values.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "config/shown.hpp"

namespace quemsi::config {
namespace {

std::string place_in_file(const ConfigOrigin& origin) {
  return origin.line == 0 ? origin.file : fmt::format("{}:{}", origin.file, origin.line);
}

/// git hands out names in lower case.
bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

}  // namespace

// Keys of the section that are not ours are left alone: other parts of the program, and other
// versions of it, keep settings there too.
LayerValues values_of_git_config(const ConfigSources& sources) {
  LayerValues layer;
  for (const auto& [name, value] : sources.git_config) {
    for (const Descriptor& descriptor : descriptors()) {
      if (descriptor.only_in_files || !same_name(name, git_name(descriptor))) continue;
      layer.values.push_back({&descriptor, value, {ConfigLayer::git_config, {}, 0}});
    }
  }
  return layer;
}

// An empty variable counts as none: that is how a shell takes one back for a single command.
LayerValues values_of_environment(const ConfigSources& sources) {
  LayerValues layer;
  if (!sources.environment) return layer;
  for (const Descriptor& descriptor : descriptors()) {
    if (descriptor.only_in_files) continue;
    const auto value = sources.environment(environment_name(descriptor));
    if (!value || value->empty()) continue;
    layer.values.push_back({&descriptor, *value, {ConfigLayer::environment, {}, 0}});
  }
  return layer;
}

LayerValues values_of_flags(const ConfigSources& sources) {
  const ConfigOrigin origin{ConfigLayer::flag, {}, 0};
  const std::string prefix = std::string(databases_key) + '.';
  LayerValues layer;
  for (const auto& [key, value] : sources.flags) {
    if (key.starts_with(prefix)) {
      layer.databases.push_back({key.substr(prefix.size()), value, {}, origin, true});
      continue;
    }
    const Descriptor* descriptor = find_descriptor(key);
    if (descriptor == nullptr) {
      fail_at("--config", fmt::format("unknown key {}", shown(key)), unknown_key_hints(key));
    }
    if (descriptor->only_in_files) {
      fail_at("--config", fmt::format("'{}' can only stand in .quemsi.yml", key));
    }
    layer.values.push_back({descriptor, value, origin});
  }
  return layer;
}

std::string place_of(const GivenValue& value) {
  switch (value.origin.layer) {
    case ConfigLayer::git_config:
      return "git config quemsi." + git_name(*value.descriptor);
    case ConfigLayer::environment:
      return environment_name(*value.descriptor);
    case ConfigLayer::flag:
      return fmt::format("--config {}", value.descriptor->key);
    default:
      return place_in_file(value.origin);
  }
}

std::string place_of(const GivenDatabase& database) {
  if (database.origin.layer == ConfigLayer::flag) return "--config";
  return place_in_file(database.origin);
}

void fail_at(const std::string& place, const std::string& message,
             const std::vector<std::string>& hints) {
  Error error(ErrorKind::config, fmt::format("{}: {}", place, message));
  for (const std::string& hint : hints) error.hint(hint);
  throw Error(error);
}

}  // namespace quemsi::config
