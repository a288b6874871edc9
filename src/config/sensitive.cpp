#include "config/sensitive.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

#include "config/descriptors.hpp"
#include "util/text.hpp"

namespace quemsi::config {
namespace {

constexpr std::string_view retention = "retention.";

/// Quoted unless it is a plain word, so that nothing after it can be taken for a part of it.
std::string quoted_name(const std::string& name) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  };
  if (std::all_of(name.begin(), name.end(), is_plain)) return name;
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string line_of(const DatabaseSpec& database) {
  const std::string engine =
      database.engine.empty() ? std::string{} : fmt::format(" ({})", database.engine);
  return fmt::format("{}{} = {}\n", quoted_name(database.name), engine,
                     mask_password(database.url));
}

/// 0 for what is no number.
std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// What the user's own settings say needs nobody's trust, and keeping more loses nothing.
bool keeps_less(const ConfigSetting& setting) {
  const ConfigLayer layer = setting.origin.layer;
  if (layer != ConfigLayer::repository && layer != ConfigLayer::local) return false;
  if (!setting.key.starts_with(retention)) return false;
  const std::uint64_t number = number_of(setting.value);
  const bool for_ever = number == 0 && setting.key == "retention.temporary";
  return !for_ever && number < number_of(find_descriptor(setting.key)->default_text);
}

}  // namespace

std::string sensitive_text(const Config& config) {
  std::vector<std::string> lines;
  for (const DatabaseSpec& database : config.databases) lines.push_back(line_of(database));
  for (const auto& [tool, command] : config.tools) {
    if (command != tool) lines.push_back(fmt::format("tool {} = {}\n", tool, command));
  }
  for (const ConfigSetting& setting : config.settings) {
    if (!keeps_less(setting)) continue;
    lines.push_back(fmt::format("retention {} = {}\n", setting.key.substr(retention.size()),
                                number_of(setting.value)));
  }
  std::sort(lines.begin(), lines.end());
  return join(lines, "");
}

}  // namespace quemsi::config
