// The places where `init` looks for databases. None of these throws for what it finds there.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/config.hpp"

namespace quemsi::config {

/// What an application's URL means to us: known schemes are brought to ours, files to
/// "sqlite:PATH". `reference` ("${DATABASE_URL}"; may be empty) is what to write for a server's URL
/// that needs no change. None for anything else, a database in memory among them.
std::optional<DatabaseCandidate> candidate_of_url(std::string_view url,
                                                  const std::string& reference,
                                                  const std::string& source,
                                                  const std::filesystem::path& top);

/// For a path relative to the top, or absolute; none when a URL cannot say it.
std::optional<DatabaseCandidate> candidate_of_file(const std::filesystem::path& path,
                                                   const std::string& source,
                                                   const std::filesystem::path& top);

/// config/database.yml of Rails: the databases of `development`, the primary one first.
std::vector<DatabaseCandidate> rails_databases(const ConfigSources& sources);

/// Files that begin as SQLite files do, few folders below the top, likely names first.
std::vector<DatabaseCandidate> sqlite_files(const std::filesystem::path& top);

}  // namespace quemsi::config
