// What one layer says, before anything is expanded or merged.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/descriptors.hpp"
#include "config/yaml_tree.hpp"
#include "quemsi/config.hpp"

namespace quemsi::config {

struct GivenValue {
  const Descriptor* descriptor = nullptr;
  std::string text;
  ConfigOrigin origin;
};

struct GivenDatabase {
  std::string name;
  std::string url;  ///< not expanded
  std::string engine;
  ConfigOrigin origin;
  bool must_exist = false;  ///< it can only replace what an earlier layer named
};

struct LayerValues {
  std::vector<GivenValue> values;
  std::vector<GivenDatabase> databases;
};

LayerValues values_of_file(const YamlNode& root, ConfigLayer layer, const std::string& file);
LayerValues values_of_git_config(const ConfigSources& sources);
LayerValues values_of_environment(const ConfigSources& sources);
LayerValues values_of_flags(const ConfigSources& sources);

/// Where the user would look for a value, to begin an error with: ".quemsi.yml:7",
/// "git config quemsi.warm", "QUEMSI_WARM", "--config warm".
std::string place_of(const GivenValue& value);
std::string place_of(const GivenDatabase& database);

/// Throws Error(config) "<place>: <message>".
[[noreturn]] void fail_at(const std::string& place, const std::string& message,
                          const std::vector<std::string>& hints = {});

}  // namespace quemsi::config
