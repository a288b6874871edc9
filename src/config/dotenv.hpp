// `.env`: KEY=VALUE lines as dotenv tools write them. Read, never executed.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace quemsi::config {

using Lookup = std::function<std::optional<std::string>(const std::string&)>;

/// Lines that are no assignment are passed over. Outside single quotes, `${NAME}` stands for what
/// `environment` or a line before gives it, and for itself where nothing does.
std::map<std::string, std::string> parse_dotenv(std::string_view text,
                                                const Lookup& environment = {});

/// Empty when there is no such file.
std::map<std::string, std::string> read_dotenv(const std::filesystem::path& top,
                                               const Lookup& environment);

/// A letter or underscore, then letters, digits, underscores.
bool is_variable_name(std::string_view name);

}  // namespace quemsi::config
