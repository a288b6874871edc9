#include "unit/config/project.hpp"

#include <fstream>

namespace quemsi::test {

Project::Project() {
  sources.top = dir_.path();
  sources.environment = [this](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    return found == environment.end() ? std::nullopt : std::optional(found->second);
  };
}

void Project::write(const std::string& file, std::string_view text) const {
  const std::filesystem::path path = top() / file;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

Config Project::load() const {
  auto config = load_config(sources);
  if (!config) throw std::runtime_error("there is no configuration");
  return *config;
}

Error Project::error() const {
  try {
    static_cast<void>(load_config(sources));
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.kind()), "config");
    return error;
  }
  ADD_FAILURE() << "it loads";
  return {ErrorKind::internal, ""};
}

std::string Project::error_text() const {
  const Error failure = error();
  std::string text = failure.what();
  for (const std::string& hint : failure.hints()) text += " | " + hint;
  return text;
}

std::string Project::url(const std::string& name) const {
  for (const DatabaseSpec& database : load().databases) {
    if (database.name == name) return database.url;
  }
  return "(no such database)";
}

ConfigSetting Project::setting(const std::string& key) const {
  for (const ConfigSetting& setting : load().settings) {
    if (setting.key == key) return setting;
  }
  throw std::runtime_error("no setting " + key);
}

}  // namespace quemsi::test
