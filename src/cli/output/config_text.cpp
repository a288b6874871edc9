#include "cli/output/config_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/display_text.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

std::string lines_missing_in(const std::string& text, const std::string& other,
                             std::string_view sign) {
  const std::vector<std::string> others = split(other, '\n');
  std::string found;
  for (const std::string& line : split(text, '\n')) {
    const bool common = std::find(others.begin(), others.end(), line) != others.end();
    if (!common && !trim(line).empty()) found.append(sign).append(printable(line)).append("\n");
  }
  return found;
}

}  // namespace

std::string origin_text(const ConfigOrigin& origin) {
  if (origin.file.empty()) return std::string(to_string(origin.layer));
  const std::string file = "file:" + printable(origin.file);
  return origin.line > 0 ? fmt::format("{}:{}", file, origin.line) : file;
}

std::string config_text(const std::vector<ConfigSetting>& settings, bool show_origin) {
  std::string text;
  for (const ConfigSetting& setting : settings) {
    if (show_origin) text += origin_text(setting.origin) + "\t";
    text += printable(setting.key) + "=" + printable(setting.value) + "\n";
    if (!show_origin) continue;
    for (const ConfigOrigin& loser : setting.overrides) {
      text += "\toverrides " + origin_text(loser) + "\n";
    }
  }
  return text;
}

std::string trust_text(const std::string& before, const std::string& now) {
  return lines_missing_in(before, now, "- ") + lines_missing_in(now, before, "+ ");
}

}  // namespace quemsi::cli
