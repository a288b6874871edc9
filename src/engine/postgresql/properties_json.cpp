#include <nlohmann/json.hpp>

#include "engine/postgresql/properties.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

using nlohmann::json;

constexpr const char* owner_key = "database.owner";
constexpr const char* grants_key = "database.grants";
constexpr const char* limit_key = "database.connection_limit";
constexpr const char* template_key = "database.is_template";
constexpr const char* settings_key = "database.settings";
constexpr const char* comment_key = "database.comment";
constexpr const char* labels_key = "database.labels";

/// A server in SQL_ASCII may hand out anything.
std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string grants_text(const std::vector<Grant>& grants) {
  json list = json::array();
  for (const Grant& grant : grants) {
    list.push_back({grant.grantee, grant.privilege, grant.grantable});
  }
  return text_of(list);
}

std::string settings_text(const std::vector<Setting>& settings) {
  json list = json::array();
  for (const Setting& setting : settings) {
    list.push_back({setting.role, setting.name, setting.value});
  }
  return text_of(list);
}

std::string labels_text(const std::vector<SecurityLabel>& labels) {
  json list = json::array();
  for (const SecurityLabel& label : labels) list.push_back({label.provider, label.label});
  return text_of(list);
}

/// An absent list is an empty one.
json list_at(const Attributes& attributes, const char* key) {
  const auto found = attributes.find(key);
  return found == attributes.end() ? json::array() : json::parse(found->second);
}

Properties parse(const Attributes& attributes) {
  Properties properties;
  properties.owner = attributes.at(owner_key);
  properties.connection_limit = std::stoi(attributes.at(limit_key));
  properties.is_template = attributes.contains(template_key);
  if (attributes.contains(comment_key)) properties.comment = attributes.at(comment_key);
  if (attributes.contains(grants_key)) properties.grants.emplace();
  for (const json& grant : list_at(attributes, grants_key)) {
    properties.grants->push_back({grant.at(0), grant.at(1), grant.at(2)});
  }
  for (const json& setting : list_at(attributes, settings_key)) {
    properties.settings.push_back({setting.at(0), setting.at(1), setting.at(2)});
  }
  for (const json& label : list_at(attributes, labels_key)) {
    properties.labels.push_back({label.at(0), label.at(1)});
  }
  return properties;
}

/// What goes into a statement as it is.
bool is_privilege(const std::string& word) {
  return word == "CREATE" || word == "CONNECT" || word == "TEMPORARY";
}

}  // namespace

Attributes to_attributes(const Properties& properties) {
  Attributes attributes{{owner_key, properties.owner},
                        {limit_key, std::to_string(properties.connection_limit)}};
  if (properties.grants) attributes[grants_key] = grants_text(*properties.grants);
  if (properties.is_template) attributes[template_key] = "true";
  if (!properties.settings.empty()) attributes[settings_key] = settings_text(properties.settings);
  if (properties.comment) attributes[comment_key] = *properties.comment;
  if (!properties.labels.empty()) attributes[labels_key] = labels_text(properties.labels);
  return attributes;
}

Properties properties_from(const Attributes& attributes) {
  try {
    Properties properties = parse(attributes);
    for (const Grant& grant : properties.grants.value_or(std::vector<Grant>())) {
      if (!is_privilege(grant.privilege)) throw std::runtime_error("unknown: " + grant.privilege);
    }
    return properties;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::corrupt, "an image's database properties cannot be read")
        .cause(error.what());
  }
}

}  // namespace quemsi::postgresql_engine
