// What could be better about a database file.
#pragma once

#include <filesystem>
#include <vector>

#include "quemsi/finding.hpp"

namespace quemsi::sqlite_engine {

/// Of a file that is there.
std::vector<Finding> examine(const std::filesystem::path& file);

}  // namespace quemsi::sqlite_engine
