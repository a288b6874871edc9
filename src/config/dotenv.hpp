// `.env`: KEY=VALUE lines as dotenv tools write them. Read, never executed.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace quemsi::config {

/// Lines that are no assignment are passed over. Values are taken literally: `$` means nothing.
std::map<std::string, std::string> parse_dotenv(std::string_view text);

/// Empty when there is no such file.
std::map<std::string, std::string> read_dotenv(const std::filesystem::path& top);

/// A letter or underscore, then letters, digits, underscores.
bool is_variable_name(std::string_view name);

}  // namespace quemsi::config
