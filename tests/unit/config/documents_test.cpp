// What users read about the settings agrees with the table.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "config/descriptors.hpp"
#include "unit/config/project.hpp"
#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi::config {
namespace {

using test::Project;
using testing::HasSubstr;

std::string example() {
  return read_text_file(std::filesystem::path(QUEMSI_SOURCE_DIR) / ".quemsi.yml.example");
}

std::string last_part(std::string_view key) { return split(key, '.').back(); }

TEST(Example, LoadsAndHoldsTheDefaults) {
  Project project;
  project.write(".quemsi.yml", example());
  for (const Descriptor& row : descriptors()) {
    const ConfigSetting setting = project.setting(std::string(row.key));
    EXPECT_EQ(setting.origin.layer, ConfigLayer::repository) << row.key << " is not in the example";
    EXPECT_EQ(setting.value, row.default_text) << row.key;
  }
  EXPECT_EQ(project.load().databases.size(), 4);
}

TEST(Example, ExplainsEverySettingInTheLineAboveIt) {
  const std::vector<std::string> lines = split(example(), '\n');
  for (const Descriptor& row : descriptors()) {
    const std::string setting = last_part(row.key) + ": " + std::string(row.default_text);
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const std::string& line) { return trim(line) == setting; });
    ASSERT_NE(found, lines.end()) << setting;
    EXPECT_EQ(trim(*std::prev(found)), fmt::format("# {}", row.explanation));
  }
}

TEST(NewConfig, ShowsEverySettingWithItsDefaultAsAComment) {
  const std::string text = new_config_text({{"app", "sqlite:a.db", ""}});
  for (const Descriptor& row : descriptors()) {
    if (row.only_in_files) continue;
    EXPECT_THAT(text, HasSubstr(fmt::format("# {}\n# {}: {}\n", row.explanation, row.key,
                                            row.default_text)));
  }
}

TEST(NewConfig, ItsCommentedSettingsAreValidOnceUncommented) {
  std::string text;
  for (const std::string& line : split(new_config_text({{"app", "sqlite:a.db", ""}}), '\n')) {
    const bool is_setting = std::any_of(
        descriptors().begin(), descriptors().end(),
        [&](const Descriptor& row) { return line.starts_with(fmt::format("# {}: ", row.key)); });
    text += (is_setting ? line.substr(2) : line) + '\n';
  }
  Project project;
  project.write(".quemsi.yml", text);
  EXPECT_EQ(project.setting("follow.branches").origin.layer, ConfigLayer::repository);
  EXPECT_EQ(project.setting("busy_timeout").origin.layer, ConfigLayer::repository);
}

}  // namespace
}  // namespace quemsi::config
