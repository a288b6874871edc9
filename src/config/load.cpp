// Merging the layers.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "config/expand.hpp"
#include "config/layer_values.hpp"
#include "config/sensitive.hpp"
#include "config/shown.hpp"
#include "config/small_file.hpp"
#include "config/url.hpp"
#include "config/yaml_tree.hpp"
#include "quemsi/config.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace config {
namespace {

constexpr const char* repository_file = ".quemsi.yml";
constexpr const char* local_file = ".quemsi.local.yml";

/// The origins of one key, the effective one last.
using Origins = std::vector<ConfigOrigin>;

ConfigSetting make_setting(std::string key, std::string value, Origins origins) {
  ConfigSetting setting{std::move(key), std::move(value), origins.back(), {}};
  setting.overrides.assign(std::next(origins.rbegin()), origins.rend());
  return setting;
}

/// Every layer's value is checked, also one that a later layer overrides.
void apply_values(const std::vector<LayerValues>& layers, Config& config) {
  for (const Descriptor& descriptor : descriptors()) {
    std::string text(descriptor.default_text);
    Origins origins{ConfigOrigin{}};
    for (const LayerValues& layer : layers) {
      for (const GivenValue& value : layer.values) {
        if (value.descriptor != &descriptor) continue;
        if (!descriptor.set(config, value.text)) {
          fail_at(place_of(value), fmt::format("'{}' must be {}, not {}", descriptor.key,
                                               descriptor.expects, shown(value.text)));
        }
        text = value.text;
        origins.push_back(value.origin);
      }
    }
    config.settings.push_back(make_setting(std::string(descriptor.key), text, std::move(origins)));
  }
}

/// A database with what it overrides, the effective one last.
using History = std::vector<GivenDatabase>;

std::vector<std::string> near_names(const std::vector<History>& known, const std::string& name) {
  std::vector<std::string> names;
  std::transform(known.begin(), known.end(), std::back_inserter(names),
                 [](const History& history) { return history.back().name; });
  const auto near = nearest(name, names, 1);
  if (!near.empty()) return {fmt::format("did you mean '{}'?", near.front())};
  return {fmt::format("the databases are: {}", join(names, ", "))};
}

void check_name(const GivenDatabase& database) {
  if (database.name == "<<") {
    fail_at(place_of(database), "YAML's merge key '<<' is not read", {"write the keys out"});
  }
  if (const auto problem = problem_with_name(database.name)) {
    fail_at(place_of(database),
            fmt::format("the name of the database {} {}", shown(database.name), *problem));
  }
}

/// Later layers replace an entry as a whole, in the place where it stood.
std::vector<History> merge_databases(const std::vector<LayerValues>& layers) {
  std::vector<History> merged;
  for (const LayerValues& layer : layers) {
    for (const GivenDatabase& database : layer.databases) {
      check_name(database);
      const auto same = std::find_if(merged.begin(), merged.end(), [&](const History& history) {
        return history.back().name == database.name;
      });
      if (same != merged.end()) {
        same->push_back(database);
      } else if (database.must_exist) {
        fail_at(place_of(database), fmt::format("there is no database {}", shown(database.name)),
                near_names(merged, database.name));
      } else {
        merged.push_back({database});
      }
    }
  }
  return merged;
}

bool is_engine_name(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string_view::npos;
}

DatabaseSpec to_spec(const GivenDatabase& given, Variables& variables) {
  DatabaseSpec spec{given.name, given.engine, expand(given.url, variables, place_of(given))};
  if (const auto problem = problem_with_url(spec.url)) {
    fail_at(place_of(given),
            fmt::format("the URL of the database {} {}", shown(given.name), *problem));
  }
  if (!given.engine.empty() && !is_engine_name(given.engine)) {
    fail_at(place_of(given), fmt::format("the engine of the database {} must be a name such as "
                                         "postgresql, not {}",
                                         shown(given.name), shown(given.engine)));
  }
  return spec;
}

void apply_databases(const std::vector<LayerValues>& layers, Variables& variables, Config& config) {
  for (const History& history : merge_databases(layers)) {
    DatabaseSpec spec = to_spec(history.back(), variables);
    Origins origins;
    for (const GivenDatabase& given : history) origins.push_back(given.origin);
    const std::string key = fmt::format("{}.{}", databases_key, spec.name);
    config.settings.push_back(make_setting(key, mask_password(spec.url), std::move(origins)));
    if (!spec.engine.empty()) {
      config.settings.push_back(
          make_setting(key + ".engine", spec.engine, {history.back().origin}));
    }
    config.databases.push_back(std::move(spec));
  }
}

/// False when there is no such file.
bool add_file(const ConfigSources& sources, const char* file, ConfigLayer layer,
              std::vector<LayerValues>& layers) {
  const auto text = read_small_file(sources.top / file, file);
  if (!text) return false;
  layers.push_back(values_of_file(parse_yaml(*text, file), layer, file));
  return true;
}

}  // namespace
}  // namespace config

std::string_view to_string(ConfigLayer layer) {
  switch (layer) {
    case ConfigLayer::built_in:
      return "built in";
    case ConfigLayer::repository:
      return config::repository_file;
    case ConfigLayer::local:
      return config::local_file;
    case ConfigLayer::git_config:
      return "git config";
    case ConfigLayer::environment:
      return "environment";
    case ConfigLayer::flag:
      return "--config";
  }
  return "unknown";
}

std::optional<Config> load_config(const ConfigSources& sources) {
  using namespace config;
  std::vector<LayerValues> layers;
  const bool shared = add_file(sources, repository_file, ConfigLayer::repository, layers);
  const bool own = add_file(sources, local_file, ConfigLayer::local, layers);
  if (!shared && !own) return std::nullopt;
  layers.push_back(values_of_git_config(sources));
  layers.push_back(values_of_environment(sources));
  layers.push_back(values_of_flags(sources));

  Config result;
  Variables variables(sources);
  apply_databases(layers, variables, result);
  apply_values(layers, result);
  if (result.databases.empty()) {
    fail_at(shared ? repository_file : local_file, "names no database",
            {"write `databases:`, and below it `  app: sqlite:db/app.sqlite3`"});
  }
  result.sensitive = sensitive_text(result);
  return result;
}

}  // namespace quemsi
